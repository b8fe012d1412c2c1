import type { Frame } from './codec.ts';
import { isObject, parseJson } from './read.ts';

/** The last word of OpenAI's streams, which others have borrowed. */
const DONE = '[DONE]';

/** True where a frame ends with that word, alone or behind other events that no blank line parts from it. */
export const endsWithDone = ({ data }: Frame): boolean => data.trimEnd().endsWith(DONE);

/** True where a frame is nothing but that word. */
export const isDone = ({ data }: Frame): boolean => data.trim() === DONE;

/**
 * What a frame holds that is no JSON by itself: nothing where it is a sign of life, which proxies send as empty data or as
 * a comment in data; one frame for each line where a server left out the blank lines between its events; `undefined`
 * where it makes no sense.
 */
export function framesIn(frame: Frame): readonly Frame[] | undefined {
  const lines = frame.data.split('\n').filter((line) => /^\s*[^\s:]/.test(line));
  const events = lines.map((data): Frame => ({ ...frame, data }));
  const isReadable = events.every((each) => isDone(each) || isObject(parseJson(each.data)));
  // One line that is left is no other than the frame itself, which was no JSON.
  return isReadable ? events : undefined;
}
