import type { Finish, FinishReason } from '../../model/finish.ts';

/** Two-way; the first row of a reason is what we write. */
const FINISH: readonly (readonly [FinishReason, string])[] = [
  ['stop', 'stop'],
  ['stop', 'eos'],
  ['stop', 'end_turn'],
  ['stop', ''],
  ['stop-sequence', 'stop'],
  ['length', 'length'],
  ['length', 'max_tokens'],
  ['tool-calls', 'tool_calls'],
  ['tool-calls', 'function_call'],
  ['refusal', 'content_filter'],
  ['content-filter', 'content_filter'],
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
  const reason =
    raw === 'content_filter' ? 'content-filter' : (FINISH.find(([, each]) => each === raw)?.[0] ?? 'other');
  if (contained.toolCalls && (reason === 'stop' || reason === 'other')) return { reason: 'tool-calls', raw };
  if (contained.refusal && reason === 'stop') return { reason: 'refusal', raw };
  return { reason, raw };
}

/** Writes a finish reason that agrees with what was emitted. */
export function encodeFinish(finish: Finish, contained: Contained): string {
  if (contained.toolCalls && finish.reason !== 'length' && finish.reason !== 'content-filter') return 'tool_calls';
  if (finish.reason === 'tool-calls') return 'stop';
  if (finish.reason === 'refusal' && contained.refusal) return 'stop';
  return FINISH.find(([each]) => each === finish.reason)?.[1] ?? 'stop';
}
