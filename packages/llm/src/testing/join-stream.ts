import type { Json, JsonObject } from '../model/json.ts';
import { arrayOf, isObject, numberOf, objectOf, textOf } from '../wire/read.ts';

/** A member that only this joining writes to. */
type Growing = Record<string, Json | undefined>;

/** The JSON objects of a recorded stream, read as plainly as possible. Comments and `[DONE]` are left out. */
export function recordedEvents(sseText: string): readonly JsonObject[] {
  return sseText
    .split(/\r\n\r\n|\n\n|\r\r/)
    .map((event) =>
      event
        .split(/\r\n|\n|\r/)
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).trimStart())
        .join('\n'),
    )
    .filter((data) => data !== '' && data !== '[DONE]')
    .map((data) => JSON.parse(data) as unknown)
    .filter(isObject);
}

/** The `chat.completion` that a recorded stream of chunks amounts to, or its error. */
export function joinChat(sseText: string): JsonObject {
  const message: Growing = { role: 'assistant' };
  const calls: { key: Json; made: Growing }[] = [];
  let finish: Json = null;
  let usage: Json | undefined;
  for (const chunk of recordedEvents(sseText)) {
    if (chunk['error'] !== undefined) return { error: chunk['error'] };
    usage = chunk['usage'] ?? objectOf(chunk['x_groq'])?.['usage'] ?? usage;
    const choice = objectOf(arrayOf(chunk['choices'])[0]);
    const delta = objectOf(choice?.['delta']) ?? {};
    finish = choice?.['finish_reason'] ?? finish;
    for (const name of ['reasoning_content', 'reasoning', 'refusal'])
      if (textOf(delta[name])) message[name] = (textOf(message[name]) ?? '') + textOf(delta[name]);
    joinContent(message, delta['content']);
    for (const call of arrayOf(delta['tool_calls'])) joinCall(calls, objectOf(call) ?? {});
  }
  return {
    choices: [
      { message: { ...message, tool_calls: calls.map(({ made }) => ({ function: made })) }, finish_reason: finish },
    ],
    ...(usage !== undefined && { usage }),
  };
}

/** Mistral streams lists of parts while the model thinks, and strings when it speaks. */
function joinContent(message: Growing, content: Json | undefined): void {
  const parts = typeof content === 'string' ? [{ type: 'text', text: content }] : arrayOf(content);
  if (parts.length > 0) message['content'] = [...arrayOf(message['content']), ...parts];
}

function joinCall(calls: { key: Json; made: Growing }[], call: JsonObject): void {
  const made = objectOf(call['function']) ?? {};
  const key = call['index'] ?? call['id'] ?? calls.at(-1)?.key ?? 0;
  let open = calls.findLast((each) => each.key === key);
  if (open === undefined || (textOf(made['name']) && textOf(call['id']) && open.made['id'] !== call['id'])) {
    open = { key, made: { id: call['id'] ?? null, name: made['name'] ?? '', arguments: '' } };
    calls.push(open);
  }
  const more = made['arguments'];
  if (typeof more === 'string') open.made['arguments'] = (textOf(open.made['arguments']) ?? '') + more;
  else if (more !== undefined && more !== null) open.made['arguments'] = JSON.stringify(more);
}

/** The `message` that a recorded stream of message events amounts to, or its error. */
export function joinMessage(sseText: string): JsonObject {
  const blocks = new Map<number, Growing>();
  const message: Growing = {};
  for (const event of recordedEvents(sseText)) {
    const block = blocks.get(numberOf(event['index']) ?? -1);
    const delta = objectOf(event['delta']) ?? {};
    if (event['type'] === 'error') return event;
    if (event['type'] === 'message_start') Object.assign(message, objectOf(event['message']));
    if (event['type'] === 'content_block_start')
      blocks.set(numberOf(event['index']) ?? 0, { ...objectOf(event['content_block']) });
    if (event['type'] === 'content_block_delta' && block !== undefined) joinDelta(block, delta);
    if (event['type'] === 'message_delta') {
      message['usage'] = { ...objectOf(message['usage']), ...objectOf(event['usage']) };
      message['stop_reason'] = delta['stop_reason'] ?? null;
    }
  }
  const content = [...blocks.values()].map(({ pieces, ...block }) =>
    typeof pieces === 'string' && pieces !== '' ? { ...block, input: JSON.parse(pieces) as Json } : block,
  );
  return { ...message, content };
}

function joinDelta(block: Growing, delta: JsonObject): void {
  for (const name of ['text', 'thinking'])
    if (textOf(delta[name]) !== undefined) block[name] = (textOf(block[name]) ?? '') + textOf(delta[name]);
  if (delta['signature'] !== undefined) block['signature'] = delta['signature'];
  if (textOf(delta['partial_json']) !== undefined)
    block['pieces'] = (textOf(block['pieces']) ?? '') + textOf(delta['partial_json']);
}
