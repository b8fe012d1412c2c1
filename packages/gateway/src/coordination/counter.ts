/** Counts up for ever; what is counted lies under a key that anybody may delete. */
export interface Counter {
  /** Counts one and tells how many there are now: 1 for a key that nobody has, or that was deleted. */
  next(key: string): Promise<number>;
  /** How many there are now, 0 for a key that nobody has; counts nothing. */
  peek(key: string): Promise<number>;
}
