/** What every provider is held to, and how its column is called. */
export const BEHAVIOURS = [
  ['answers', 'answers'],
  ['left', 'is left'],
  ['empty', 'empty input'],
  ['surrogates', 'half a character'],
  ['orphan', 'orphan call'],
  ['parallel', 'parallel calls'],
  ['overflow', 'too long'],
  ['cut', 'cut'],
  ['broken', 'error midway'],
  ['slow', 'slow first byte'],
  ['handover', 'hand-over'],
  ['takeover', 'take-over'],
] as const;

/** Name of a behaviour. */
export type BehaviourId = (typeof BEHAVIOURS)[number][0];
