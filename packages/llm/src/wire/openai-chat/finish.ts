import type { Failure, FailureKind } from '../../model/failure.ts';
import type { Finish, FinishReason } from '../../model/finish.ts';
import type { JsonObject } from '../../model/json.ts';
import { isObject, textOf } from '../read.ts';
import { errorFailure } from './decode-failure.ts';

/** Two-way; the first row of a reason is what we write. */
const FINISH: readonly (readonly [FinishReason, string])[] = [
  ['stop', 'stop'],
  ['stop', 'eos'],
  ['stop', 'eos_token'],
  ['stop', 'end_turn'],
  ['stop', 'complete'],
  ['stop', ''],
  ['stop-sequence', 'stop'],
  ['length', 'length'],
  ['length', 'max_tokens'],
  ['length', 'model_length'],
  ['length', 'model_context_window_exceeded'],
  ['tool-calls', 'tool_calls'],
  ['tool-calls', 'function_call'],
  ['refusal', 'content_filter'],
  ['refusal', 'refusal'],
  ['content-filter', 'content_filter'],
  ['content-filter', 'sensitive'],
  // Google's own words, behind its face of this format.
  ['content-filter', 'safety'],
  ['content-filter', 'recitation'],
  ['content-filter', 'blocklist'],
  ['content-filter', 'prohibited_content'],
  ['content-filter', 'spii'],
  ['content-filter', 'image_safety'],
  ['pause', 'stop'],
  ['other', 'stop'],
];

/** What an answer turned out to contain; it decides between reasons that the wire tells apart badly. */
export interface Contained {
  readonly toolCalls: boolean;
  readonly refusal: boolean;
}

/** Reads a finish reason. Some servers say `stop` although they called tools: what was emitted wins. */
export function decodeFinish(raw: string, contained: Contained): Finish {
  // Some write it in capitals, some with a cause behind it.
  const word = raw.toLowerCase().split(':', 1)[0] ?? '';
  const reason =
    word === 'content_filter' ? 'content-filter' : (FINISH.find(([, each]) => each === word)?.[0] ?? 'other');
  if (contained.toolCalls && (reason === 'stop' || reason === 'other')) return { reason: 'tool-calls', raw };
  if (contained.refusal && reason === 'stop') return { reason: 'refusal', raw };
  return { reason, raw };
}

/** Reasons that say that the answer is not one. https://api-docs.deepseek.com/api/create-chat-completion, https://docs.z.ai/api-reference/llm/chat-completion */
const FAULTS: Readonly<Record<string, FailureKind>> = {
  error: 'upstream',
  network_error: 'upstream',
  insufficient_system_resource: 'overloaded',
};

/** The failure that a choice tells, in its own error or as its reason. */
export function faultOf(choice: JsonObject): Failure | undefined {
  const { error } = choice;
  if (isObject(error)) return errorFailure({ error });
  const code = textOf(choice['finish_reason']) ?? '';
  const kind = Object.hasOwn(FAULTS, code) ? FAULTS[code] : undefined;
  return kind && { kind, message: `The provider broke its answer off: ${code}.`, code };
}

/** What was written of an answer: its calls, the parts in which it declines, and words of these. */
export interface Written extends Contained {
  readonly refusalText: boolean;
}

/** Writes a finish reason that agrees with what was emitted. */
export function encodeFinish({ reason }: Finish, written: Written): string {
  const cut = reason === 'length' || reason === 'content-filter';
  // Calls of an answer that was declined or cut short must not be run.
  if (written.toolCalls && !cut && reason !== 'refusal') return 'tool_calls';
  // Who declines in words stops; without words the reason alone can say so.
  if (!cut && (written.refusal || reason === 'refusal'))
    return written.refusalText && !written.toolCalls ? 'stop' : 'content_filter';
  if (reason === 'tool-calls') return 'stop';
  return FINISH.find(([each]) => each === reason)?.[1] ?? 'stop';
}
