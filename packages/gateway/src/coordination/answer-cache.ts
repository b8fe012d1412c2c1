/** Answers that are given again to the same question. A miss is never a failure, and anything may be forgotten. */
export interface AnswerCache {
  get(key: string): string | undefined;
  /** Keeps `text` under a key of one group, by which it can be cleared. Texts that are too long are not kept. */
  set(group: string, key: string, text: string): void;
  /** Forgets all of a group; returns how many that were. */
  clear(group: string): number;
}
