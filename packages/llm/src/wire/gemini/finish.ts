import type { Finish, FinishReason } from '../../model/finish.ts';

/** Two-way; the first row of a reason is what we write. */
const FINISH: readonly (readonly [FinishReason, string])[] = [
  ['stop', 'STOP'],
  ['stop-sequence', 'STOP'],
  ['tool-calls', 'STOP'],
  ['length', 'MAX_TOKENS'],
  ['content-filter', 'SAFETY'],
  ['content-filter', 'RECITATION'],
  ['content-filter', 'LANGUAGE'],
  ['content-filter', 'BLOCKLIST'],
  ['content-filter', 'PROHIBITED_CONTENT'],
  ['content-filter', 'SPII'],
  ['content-filter', 'MODEL_ARMOR'],
  ['content-filter', 'JAILBREAK'],
  ['content-filter', 'IMAGE_SAFETY'],
  ['content-filter', 'IMAGE_PROHIBITED_CONTENT'],
  ['content-filter', 'IMAGE_RECITATION'],
  ['refusal', 'SAFETY'],
  ['pause', 'STOP'],
  ['pause', 'CONTINUATION'],
  ['other', 'OTHER'],
];

/** Google's way to say that nothing was said. */
const UNSAID = 'FINISH_REASON_UNSPECIFIED';

/** True for a word that ends an answer. */
export const isFinish = (raw: string | undefined): raw is string => raw !== undefined && raw !== '' && raw !== UNSAID;

/** What an answer turned out to contain. */
export interface Contained {
  readonly toolCalls: boolean;
  readonly refusal: boolean;
}

/** Reads a finish reason; Gemini stops without a word of the calls it made. */
export function decodeFinish(raw: string, { toolCalls }: Pick<Contained, 'toolCalls'>): Finish {
  const reason = FINISH.find(([, each]) => each === raw)?.[0] ?? 'other';
  return { reason: toolCalls && reason === 'stop' ? 'tool-calls' : reason, raw };
}

/** Why a prompt was not answered at all; whatever the word, nothing came because of what was asked. */
export const decodeBlock = (raw: string): Finish => ({ reason: 'content-filter', raw });

/** Writes a finish reason that agrees with what was emitted; Gemini’s own word for the reason is kept. */
export function encodeFinish({ reason, raw = '' }: Finish, { refusal }: Pick<Contained, 'refusal'>): string {
  // Words that only Google has; other vendors write theirs in lower case.
  if (reason === 'other' && /^[A-Z][A-Z_]*$/.test(raw) && raw !== UNSAID) return raw;
  if (FINISH.some(([each, word]) => each === reason && word === raw)) return raw;
  if (refusal && reason === 'stop') return 'SAFETY';
  return FINISH.find(([each]) => each === reason)?.[1] ?? 'STOP';
}
