/** Longest id that every other vendor takes, in characters. */
const LENGTH_MAX = 40;

const plain = (text: string): string => text.replaceAll(/[^a-zA-Z0-9_-]/g, '_');

/** Names the call at `position` among all calls of a request that has no id: the same request gives the same name. */
export const nameOfCall = (name: string, position: number): string =>
  plain(`call_${position}_${name}`).slice(0, LENGTH_MAX);

/** Names the result at `position` among all results of a request whose call nobody made. */
export const nameOfResult = (name: string, position: number): string =>
  plain(`result_${position}_${name}`).slice(0, LENGTH_MAX);

/** Names the call at `position` among all calls of an answer: the same answer gives the same name. */
export const nameInAnswer = (responseId: string, name: string, position: number): string =>
  plain(`call_${position}_${responseId || name}`).slice(0, LENGTH_MAX);
