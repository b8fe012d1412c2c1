import type { Json, JsonObject } from '../../model/json.ts';
import type { Part } from '../../model/part.ts';
import type { GenerationResponse } from '../../model/response.ts';
import { NO_USAGE } from '../../model/usage.ts';
import type { Encoded, Loss } from '../codec.ts';
import { isObject, parseJson } from '../read.ts';
import { messageId } from './encode-stream.ts';
import { encodeFinish } from './finish.ts';
import { foreignExtras } from '../foreign-extras.ts';
import { encodeUsage } from './usage.ts';

/** Writes a whole answer as a `message`. */
export function encodeResponse(response: GenerationResponse): Encoded {
  const losses: Loss[] = [...foreignExtras(response.extras, 'anthropic-messages', 'response')];
  const content = response.content.flatMap((part, index) => encodeBlock(part, `content[${index}]`, losses));
  const contained = {
    toolCalls: response.content.some(({ type }) => type === 'tool-call'),
    refusal: response.content.some(({ type }) => type === 'refusal'),
  };
  const body: JsonObject = {
    id: messageId(response.id),
    type: 'message',
    role: 'assistant',
    model: response.model,
    content,
    stop_reason: encodeFinish(response.finish, contained),
    stop_sequence: response.finish.stopSequence ?? null,
    usage: encodeUsage(response.usage ?? NO_USAGE),
    ...response.extras?.['anthropic-messages'],
  };
  return { body, losses };
}

/** One part as content blocks; none where this format has no place for it. */
function encodeBlock(part: Part, path: string, losses: Loss[]): readonly Json[] {
  losses.push(...foreignExtras(part.extras, 'anthropic-messages', path));
  const rest = part.extras?.['anthropic-messages'];
  switch (part.type) {
    case 'text':
    case 'refusal':
      return part.text === '' ? [] : [{ type: 'text', text: part.text, ...rest }];
    case 'reasoning':
      if (part.redacted !== undefined) return [{ type: 'redacted_thinking', data: part.redacted, ...rest }];
      return [{ type: 'thinking', thinking: part.text, signature: part.signature ?? '', ...rest }];
    case 'tool-call':
      return [
        { type: 'tool_use', id: part.id, name: part.name, input: inputOf(part.argumentsJson, path, losses), ...rest },
      ];
    case 'vendor':
      if (part.format === 'anthropic-messages') return [part.value];
      losses.push({ path, what: `\`${part.kind}\` block`, instead: 'dropped' });
      return [];
    default:
      losses.push({ path, what: `${part.type} in an answer`, instead: 'dropped' });
      return [];
  }
}

/** A call's arguments as an object; text that is no object cannot be carried. */
export function inputOf(argumentsJson: string, path: string, losses: Loss[]): JsonObject {
  if (argumentsJson.trim() === '') return {};
  const input = parseJson(argumentsJson);
  if (isObject(input)) return input;
  losses.push({ path: `${path}.argumentsJson`, what: 'arguments that are not a JSON object', instead: 'approximated' });
  return {};
}
