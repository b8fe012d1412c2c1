/**
 * Why the answer ended. `pause` means the vendor paused a long turn that the caller may continue;
 * `other` is a reason we do not know, kept in `Finish.raw`.
 */
export type FinishReason =
  | 'stop'
  | 'stop-sequence'
  | 'length'
  | 'tool-calls'
  | 'refusal'
  | 'content-filter'
  | 'pause'
  | 'other';

/** The end of an answer: our reason, and what the wire said beside it. */
export interface Finish {
  readonly reason: FinishReason;
  /** The wire's own word, when there was one. */
  readonly raw?: string;
  /** The stop sequence that ended the answer, where the wire names it. */
  readonly stopSequence?: string;
}
