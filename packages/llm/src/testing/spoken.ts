import type { JsonObject } from '../model/json.ts';
import { arrayOf, isObject, numberOf, objectOf, textOf } from '../wire/read.ts';

/**
 * What an answer says, in words that no wire format owns. Read here plainly and without our codecs, so that a recording
 * and what an official client made of its translation can be held against each other.
 */
export interface Spoken {
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly { readonly name: string; readonly input: unknown }[];
  readonly finish: 'end' | 'length' | 'tools' | 'declined';
  readonly usage: SpokenUsage | undefined;
}

/** Tokens; `input` includes cached ones. */
export interface SpokenUsage {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
  readonly reasoning: number;
}

/** Reads a `chat.completion`, recorded or made by the official client. */
export function spokenByChat(completion: unknown): Spoken {
  const body = objectOf(completion) ?? {};
  const choice = objectOf(arrayOf(body['choices'])[0]) ?? {};
  const message = objectOf(choice['message']) ?? {};
  const calls = arrayOf(message['tool_calls']).map((each) => callOf(objectOf(objectOf(each)?.['function']) ?? {}));
  const refusal = textOf(message['refusal']) ?? '';
  return {
    text: contentText(message['content'], 'text') + refusal,
    reasoning: reasoningText(message),
    calls,
    finish: chatFinish(choice['finish_reason'], calls.length > 0, refusal !== ''),
    usage: chatUsage(body),
  };
}

function callOf(call: JsonObject): { name: string; input: unknown } {
  const text = call['arguments'];
  const empty = text === undefined || text === null || text === '';
  const input: unknown = empty ? {} : typeof text === 'string' ? JSON.parse(text) : text;
  return { name: textOf(call['name']) ?? '', input };
}

function contentText(content: unknown, kind: 'text' | 'thinking'): string {
  if (typeof content === 'string') return kind === 'text' ? content : '';
  return arrayOf(content)
    .map((each) => {
      const part = objectOf(each);
      if (part === undefined || part['type'] !== kind) return '';
      return kind === 'text' ? textOf(part['text']) : contentText(part['thinking'], 'text');
    })
    .join('');
}

function reasoningText(message: JsonObject): string {
  const plain = textOf(message['reasoning_content']) ?? textOf(message['reasoning']);
  if (plain !== undefined) return plain;
  const details = arrayOf(message['reasoning_details']).map((each) => {
    const detail = objectOf(each);
    return textOf(detail?.['text']) ?? textOf(detail?.['summary']) ?? '';
  });
  return details.join('') + contentText(message['content'], 'thinking');
}

function chatFinish(reason: unknown, called: boolean, refused: boolean): Spoken['finish'] {
  if (reason === 'length' || reason === 'max_tokens') return 'length';
  if (reason === 'content_filter') return 'declined';
  if (called) return 'tools';
  return refused ? 'declined' : 'end';
}

function chatUsage(body: JsonObject): SpokenUsage | undefined {
  const usage = objectOf(body['usage']) ?? objectOf(objectOf(body['x_groq'])?.['usage']);
  if (usage === undefined) return undefined;
  const count = (from: unknown, name: string): number => numberOf(objectOf(from)?.[name]) ?? 0;
  const prompt = usage['prompt_tokens_details'];
  const reasoning = count(usage['completion_tokens_details'], 'reasoning_tokens') || count(usage, 'reasoning_tokens');
  const completion = count(usage, 'completion_tokens');
  // xAI counts what the model thought beside what it said; the total tells the two ways of counting apart.
  const beside = count(usage, 'prompt_tokens') + completion + reasoning === count(usage, 'total_tokens');
  const input = count(usage, 'prompt_tokens');
  const cached =
    count(prompt, 'cached_tokens') || count(usage, 'prompt_cache_hit_tokens') || count(usage, 'cached_tokens');
  return {
    input,
    // One server has been heard to read more tokens from its cache than it was sent.
    cacheRead: Math.min(input, cached),
    cacheWrite: count(prompt, 'cache_write_tokens'),
    output: beside ? completion + reasoning : completion,
    reasoning,
  };
}

/** Reads a `message`, recorded or made by the official client. */
export function spokenByMessage(message: unknown): Spoken {
  const body = objectOf(message) ?? {};
  const blocks = arrayOf(body['content']).filter(isObject);
  const joined = (kind: string, member: string): string =>
    blocks.map((block) => (block['type'] === kind ? (textOf(block[member]) ?? '') : '')).join('');
  return {
    text: joined('text', 'text'),
    reasoning: joined('thinking', 'thinking'),
    calls: blocks
      .filter((block) => block['type'] === 'tool_use')
      .map((block) => ({ name: textOf(block['name']) ?? '', input: block['input'] })),
    finish: MESSAGE_FINISH[textOf(body['stop_reason']) ?? ''] ?? 'end',
    usage: messageUsage(objectOf(body['usage'])),
  };
}

const MESSAGE_FINISH: Readonly<Record<string, Spoken['finish']>> = {
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tools',
  refusal: 'declined',
};

function messageUsage(usage: JsonObject | undefined): SpokenUsage | undefined {
  if (usage === undefined) return undefined;
  const count = (name: string): number => numberOf(usage[name]) ?? 0;
  const cacheRead = count('cache_read_input_tokens');
  const cacheWrite = count('cache_creation_input_tokens');
  return {
    input: count('input_tokens') + cacheRead + cacheWrite,
    cacheRead,
    cacheWrite,
    output: count('output_tokens'),
    reasoning: numberOf(objectOf(usage['output_tokens_details'])?.['thinking_tokens']) ?? 0,
  };
}
