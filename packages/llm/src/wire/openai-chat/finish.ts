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
  ['refusal', 'refusal'],
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
