import type { AnswerCache } from '../answer-cache.ts';

export interface AnswerCacheParts {
  /** How long an answer is given again, in milliseconds; 0 keeps none. */
  readonly ttlMs: number;
  /** Most memory that texts and keys may take, in bytes; the answers that were asked for least recently go first. */
  readonly bytesMax: number;
  /** The time since 1970. */
  readonly nowMs: () => number;
}

interface Kept {
  readonly group: string;
  readonly text: string;
  readonly bytes: number;
  readonly endsAtMs: number;
}

/** Share of the memory that one answer may take. */
const SHARE_MAX = 0.25;

/** Keeps answers in this process. */
export function memoryAnswerCache({ ttlMs, bytesMax, nowMs }: AnswerCacheParts): AnswerCache {
  /** In the order of their last use. */
  const kept = new Map<string, Kept>();
  let bytes = 0;
  const forget = (key: string): void => {
    bytes -= kept.get(key)?.bytes ?? 0;
    kept.delete(key);
  };
  return {
    get(key) {
      const found = kept.get(key);
      if (found === undefined) return undefined;
      kept.delete(key);
      if (found.endsAtMs <= nowMs()) {
        bytes -= found.bytes;
        return undefined;
      }
      kept.set(key, found);
      return found.text;
    },
    set(group, key, text) {
      forget(key);
      // The engine keeps a text of any script in two bytes a letter.
      const size = 2 * (text.length + key.length);
      if (ttlMs <= 0 || size > bytesMax * SHARE_MAX) return;
      kept.set(key, { group, text, bytes: size, endsAtMs: nowMs() + ttlMs });
      bytes += size;
      for (const oldest of kept.keys()) {
        if (bytes <= bytesMax) break;
        forget(oldest);
      }
    },
    clear(group) {
      const keys = [...kept].flatMap(([key, each]) => (each.group === group ? [key] : []));
      keys.forEach(forget);
      return keys.length;
    },
  };
}
