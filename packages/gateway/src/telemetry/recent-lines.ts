/** The newest lines of a log, for those who look into a gateway. */
export interface RecentLines {
  /** Hears what was written. */
  add(text: string): void;
  /** Oldest first. */
  text(): string;
}

/** Characters kept, some two thousand lines. */
const CHARACTERS_MAX = 512 * 1024;

/** Keeps the newest lines in memory, at most `max` characters and at least the last text. */
export function recentLines(max = CHARACTERS_MAX): RecentLines {
  const texts: string[] = [];
  let characters = 0;
  return {
    add(text) {
      texts.push(text);
      characters += text.length;
      while (characters > max && texts.length > 1) characters -= texts.shift()?.length ?? 0;
    },
    text: () => texts.join(''),
  };
}
