import type { AnswerCache } from './answer-cache.ts';
import type { PubSub } from './pubsub.ts';

/** Tells processes which group of answers is to be forgotten. */
const CHANNEL = 'patchbay:answers-cleared';

/** A cache of this process that forgets what any process is told to forget; `close` lets go of the others. */
export interface SharedAnswerCache extends AnswerCache {
  close(): void;
}

/** Makes a cache of this process hear of the others' clearing. It counts what it forgets itself. */
export function sharedAnswerCache(cache: AnswerCache, pubsub: PubSub, groups: readonly string[]): SharedAnswerCache {
  const close = pubsub.subscribe(CHANNEL, (group) => {
    // Something may have been missed: what is forgotten without need is made again, what is kept against orders is not.
    for (const each of group === undefined ? groups : [group]) if (groups.includes(each)) cache.clear(each);
  });
  return {
    get: (key) => cache.get(key),
    set: (group, key, text) => cache.set(group, key, text),
    clear: (group) => {
      const cleared = cache.clear(group);
      pubsub.publish(CHANNEL, group);
      return cleared;
    },
    close,
  };
}
