import type { Finish, FinishReason } from '../../model/finish.ts';

/** Two-way; the first row of a reason is what we write. */
const FINISH: readonly (readonly [FinishReason, string])[] = [
  ['stop', 'end_turn'],
  ['stop-sequence', 'stop_sequence'],
  ['length', 'max_tokens'],
  ['length', 'model_context_window_exceeded'],
  ['tool-calls', 'tool_use'],
  ['refusal', 'refusal'],
  ['content-filter', 'refusal'],
  ['pause', 'pause_turn'],
  ['other', 'end_turn'],
  // Servers that only speak like Anthropic keep OpenAI's words.
  ['stop', 'stop'],
  ['length', 'length'],
  ['tool-calls', 'tool_calls'],
  ['content-filter', 'content_filter'],
];

/** What an answer turned out to contain. */
export interface Contained {
  readonly toolCalls: boolean;
  readonly refusal: boolean;
}

/** Reads a stop reason; unknown words are kept. */
export function decodeFinish(raw: string, stopSequence?: string): Finish {
  const reason = FINISH.find(([, each]) => each === raw)?.[0] ?? 'other';
  return { reason, raw, ...(stopSequence !== undefined && { stopSequence }) };
}

/** Writes a stop reason that agrees with what was emitted. */
export function encodeFinish(finish: Finish, contained: Contained): string {
  const { reason } = finish;
  if (contained.toolCalls && (reason === 'stop' || reason === 'other')) return 'tool_use';
  if (reason === 'tool-calls') return contained.toolCalls ? 'tool_use' : 'end_turn';
  if (contained.refusal && reason === 'stop') return 'refusal';
  return FINISH.find(([each]) => each === reason)?.[1] ?? 'end_turn';
}
