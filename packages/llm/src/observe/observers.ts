import type { CallObserver } from '../model/observer.ts';

/** One observer that tells all of these, in this order; what one throws does not keep the word from the others. */
export function observers(...all: readonly CallObserver[]): CallObserver {
  const tell = (say: (observer: CallObserver) => void): void => {
    for (const observer of all) {
      try {
        say(observer);
      } catch {
        continue;
      }
    }
  };
  return {
    callStarted: (call) => tell((each) => each.callStarted?.(call)),
    attemptStarted: (call, attempt) => tell((each) => each.attemptStarted?.(call, attempt)),
    attemptEnded: (call, attempt, end) => tell((each) => each.attemptEnded?.(call, attempt, end)),
    firstOutput: (call, attempt, afterMs) => tell((each) => each.firstOutput?.(call, attempt, afterMs)),
    event: (call, event) => tell((each) => each.event?.(call, event)),
    callEnded: (call, end) => tell((each) => each.callEnded?.(call, end)),
  };
}
