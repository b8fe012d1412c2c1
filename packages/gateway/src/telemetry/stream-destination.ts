import type { Writable } from 'node:stream';

/**
 * Where a log writes: takes text while `stream` has room and refuses it while it has none, or for good once it broke,
 * so that lines wait in the log's bounded buffer and not in the stream's unbounded one.
 */
export function streamDestination(stream: Writable): (text: string) => boolean {
  // A reader that goes away (`patchbay | head`) must not end the process.
  stream.on('error', () => {});
  return (text) => {
    if (!stream.writable || stream.writableNeedDrain) return false;
    stream.write(text);
    return true;
  };
}
