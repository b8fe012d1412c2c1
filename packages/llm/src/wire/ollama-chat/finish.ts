import type { Finish, FinishReason } from '../../model/finish.ts';

const FINISH: readonly (readonly [FinishReason, string])[] = [
  ['stop', 'stop'],
  // Older servers give no reason.
  ['stop', ''],
  ['length', 'length'],
];

/** Reads a reason; `stop` stands for calls too. Unknown words are kept. */
export function decodeFinish(raw: string, calls: boolean): Finish {
  const reason = FINISH.find(([, each]) => each === raw)?.[0] ?? 'other';
  return { reason: calls && reason === 'stop' ? 'tool-calls' : reason, raw };
}
