import type { Finish, FinishReason } from '../../model/finish.ts';
import type { JsonObject } from '../../model/json.ts';
import { objectOf, textOf } from '../read.ts';

/** What an answer turned out to contain; the wire says no more about it than that the answer is complete. */
export interface Contained {
  readonly toolCalls: boolean;
  readonly refusal: boolean;
}

/** Reasons for which an answer is incomplete; two-way, the last two only for answers that came with these words. */
const INCOMPLETE: readonly (readonly [FinishReason, string])[] = [
  ['length', 'max_output_tokens'],
  ['content-filter', 'content_filter'],
  ['pause', 'max_messages'],
  ['other', 'steered'],
];

/** Answers that are still being made: a caller may ask for them again. */
const UNFINISHED: readonly string[] = ['queued', 'in_progress'];

/** Reads how an answer ended. */
export function decodeFinish(response: JsonObject, contained: Contained): Finish {
  const status = textOf(response['status']) ?? 'completed';
  if (status === 'incomplete') {
    const raw = textOf(objectOf(response['incomplete_details'])?.['reason']) ?? status;
    return { reason: INCOMPLETE.find(([, each]) => each === raw)?.[0] ?? 'other', raw };
  }
  if (status !== 'completed') return { reason: UNFINISHED.includes(status) ? 'pause' : 'other', raw: status };
  if (contained.toolCalls) return { reason: 'tool-calls', raw: status };
  return { reason: contained.refusal ? 'refusal' : 'stop', raw: status };
}

/** What was written of an answer: its calls, and whether it declines in words. */
export interface Written {
  readonly toolCalls: boolean;
  readonly refusal: boolean;
  readonly refusalText: boolean;
}

/** The members that say how an answer ended. */
export interface Ending {
  readonly status: string;
  readonly incomplete_details: { readonly reason: string } | null;
}

const isCut = (reason: FinishReason): boolean => reason === 'length' || reason === 'content-filter';

const COMPLETED: Ending = { status: 'completed', incomplete_details: null };
const incomplete = (reason: string): Ending => ({ status: 'incomplete', incomplete_details: { reason } });

/** Writes how an answer ended; `streamed` answers are over whatever they said. */
export function encodeFinish({ reason, raw }: Finish, written: Written, streamed: boolean): Ending {
  const cut = INCOMPLETE.find(([each, word]) => each === reason && (word === raw || isCut(reason)))?.[1];
  if (cut !== undefined) return incomplete(cut);
  // No other format has this word.
  if (raw === COMPLETED.status) return COMPLETED;
  // Who declines in words stops; without words the reason alone can say so, and calls beside it must not be run.
  const declines = reason === 'refusal' || (written.refusal && !written.toolCalls);
  if (declines && !(written.refusalText && !written.toolCalls)) return incomplete('content_filter');
  if (reason === 'pause' && !streamed && raw !== undefined && UNFINISHED.includes(raw))
    return { status: raw, incomplete_details: null };
  return COMPLETED;
}
