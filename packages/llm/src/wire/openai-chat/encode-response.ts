import type { Json, JsonObject } from '../../model/json.ts';
import type { Part } from '../../model/part.ts';
import type { GenerationResponse } from '../../model/response.ts';
import type { Encoded, Loss } from '../codec.ts';
import { compact } from '../read.ts';
import { encodeFinish } from './finish.ts';
import { foreignExtras } from '../foreign-extras.ts';
import { encodeUsage } from './usage.ts';

/** Writes a whole answer as a `chat.completion` with one choice. */
export function encodeResponse(response: GenerationResponse): Encoded {
  const losses: Loss[] = [...foreignExtras(response.extras, 'openai-chat', 'response')];
  const message = encodeMessage(response.content, losses);
  const written = {
    toolCalls: message['tool_calls'] !== undefined,
    refusal: response.content.some(({ type }) => type === 'refusal'),
    refusalText: message['refusal'] !== null,
  };
  if ((response.usage?.cacheWrite1hTokens ?? 0) > 0)
    losses.push({ path: 'usage.cacheWrite1hTokens', what: 'lifetime of cache writes', instead: 'dropped' });
  const body: JsonObject = {
    id: response.id || 'chatcmpl-patchbay',
    object: 'chat.completion',
    created: Math.floor(response.createdAtMs / 1000),
    model: response.model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: encodeFinish(response.finish, written) }],
    usage: response.usage === undefined ? undefined : encodeUsage(response.usage),
  };
  return { body: compact(body), losses };
}

function encodeMessage(content: readonly Part[], losses: Loss[]): JsonObject {
  const text: string[] = [];
  const reasoning: string[] = [];
  let refusal = '';
  const calls: Json[] = [];
  for (const [index, part] of content.entries()) {
    const path = `content[${index}]`;
    losses.push(...foreignExtras(part.extras, 'openai-chat', path));
    if (part.type === 'text') text.push(part.text);
    else if (part.type === 'refusal') refusal += part.text;
    else if (part.type === 'tool-call') calls.push(encodeCall(part));
    else if (part.type === 'reasoning') addReasoning(part, path, { reasoning, losses });
    else losses.push({ path, what: `${part.type === 'vendor' ? part.kind : part.type} block`, instead: 'dropped' });
  }
  return compact({
    role: 'assistant',
    content: text.length > 0 ? text.join('') : null,
    refusal: refusal === '' ? null : refusal,
    reasoning_content: reasoning.length > 0 ? reasoning.join('') : undefined,
    tool_calls: calls.length > 0 ? calls : undefined,
  });
}

const encodeCall = (part: Part & { type: 'tool-call' }): Json => ({
  id: part.id,
  type: 'function',
  // A call without any is read by clients as JSON all the same.
  function: { name: part.name, arguments: part.argumentsJson || '{}' },
});

function addReasoning(
  part: Part & { type: 'reasoning' },
  path: string,
  into: { reasoning: string[]; losses: Loss[] },
): void {
  if (part.text !== '') into.reasoning.push(part.text);
  if (part.signature !== undefined)
    into.losses.push({ path: `${path}.signature`, what: 'reasoning signature', instead: 'dropped' });
  if (part.redacted !== undefined)
    into.losses.push({ path: `${path}.redacted`, what: 'encrypted reasoning', instead: 'dropped' });
}
