import { toast } from 'sonner';

import { failureOf } from './failure.ts';

/** Long enough to read it and to change one's mind. */
const UNDO_MS = 15_000;

/** Says that something was done. With `undo` the note offers to take it back, for a quarter of a minute. */
export function tellDone(sentence: string, undo?: () => Promise<unknown>): void {
  const takeBack = undo && (() => tell(undo(), 'It is as it was before.'));
  toast.success(sentence, takeBack && { action: { label: 'Undo', onClick: takeBack }, duration: UNDO_MS });
}

/**
 * Says how something went, also when the row that it was asked from has left the page by then: what a component hands to
 * `mutate` is forgotten with it.
 */
export function tell(doing: Promise<unknown>, sentence: string, undo?: () => Promise<unknown>): void {
  void doing.then(
    () => tellDone(sentence, undo),
    (error: unknown) => toast.error(failureOf(error).message),
  );
}
