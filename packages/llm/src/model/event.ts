import type { Extras } from './extras.ts';
import type { Failure } from './failure.ts';
import type { Finish } from './finish.ts';
import type { Part } from './part.ts';
import type { Usage } from './usage.ts';

/** A piece that arrives for an open part. `extras` deltas (citations, annotations) collect on the part. */
export type PartDelta =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'signature'; readonly signature: string }
  | { readonly type: 'arguments'; readonly json: string }
  | { readonly type: 'extras'; readonly extras: Extras };

/**
 * The canonical stream of one answer. Grammar:
 * `response-start (part-start part-delta* part-end | ping)* (finish | failure)`.
 *
 * `index` numbers parts from 0 in the order they start. Text, refusal and reasoning parts never overlap another part;
 * tool-call parts may stay open side by side, because some wires interleave parallel calls. A part starts with the
 * content already known (usually empty text or arguments); deltas append to it: `text` deltas to text, refusal and
 * reasoning parts, `arguments` deltas to tool calls, a `signature` delta sets the signature of a reasoning part.
 * Exactly one `finish` or `failure` ends the stream and nothing follows it. A `failure` may come first.
 */
export type StreamEvent =
  | {
      readonly type: 'response-start';
      readonly id: string;
      readonly model: string;
      readonly createdAtMs: number;
      /** Usage known so far; the `finish` event's usage replaces it. */
      readonly usage?: Usage;
      readonly extras?: Extras;
    }
  | { readonly type: 'part-start'; readonly index: number; readonly part: Part }
  | { readonly type: 'part-delta'; readonly index: number; readonly delta: PartDelta }
  | { readonly type: 'part-end'; readonly index: number }
  | { readonly type: 'ping' }
  | { readonly type: 'finish'; readonly finish: Finish; readonly usage?: Usage; readonly extras?: Extras }
  | { readonly type: 'failure'; readonly failure: Failure };

/** True for the first event after which an answer may no longer move to another target. */
export const isOutput = (event: StreamEvent): boolean =>
  event.type === 'part-start' || event.type === 'part-delta' || event.type === 'finish';
