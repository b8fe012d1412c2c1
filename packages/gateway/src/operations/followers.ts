import type { OperationFailure } from '@patchbay/contract';

import { refused, type Answer } from './handler.ts';

/** Answers with frames that go on as long as the client listens, to a limited number of clients at once. */
export type AnswerFollower = (frames: AsyncIterable<string>) => Answer<unknown>;

/** Counts those who listen. Whoever is one too many is answered `tooMany`, and the frames are never begun. */
export function limitFollowers(max: number, tooMany: OperationFailure): AnswerFollower {
  let followers = 0;
  async function* counted(frames: AsyncIterable<string>): AsyncGenerator<string> {
    followers += 1;
    try {
      yield* frames;
    } finally {
      followers -= 1;
    }
  }
  return (frames) =>
    followers >= max ? refused(tooMany) : { ok: true, value: undefined, pieces: { of: counted(frames) } };
}
