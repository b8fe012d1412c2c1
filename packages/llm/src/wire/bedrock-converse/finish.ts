import type { Finish, FinishReason } from '../../model/finish.ts';

const FINISH: readonly (readonly [FinishReason, string])[] = [
  ['stop', 'end_turn'],
  ['stop-sequence', 'stop_sequence'],
  ['length', 'max_tokens'],
  ['length', 'model_context_window_exceeded'],
  ['tool-calls', 'tool_use'],
  ['content-filter', 'content_filtered'],
  ['content-filter', 'guardrail_intervened'],
];

/** Reads a stop reason; unknown words and malformed answers are `other`, with the word kept. */
export const decodeFinish = (raw: string): Finish => ({
  reason: FINISH.find(([, each]) => each === raw)?.[0] ?? 'other',
  raw,
});
