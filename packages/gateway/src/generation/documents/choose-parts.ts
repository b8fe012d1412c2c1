import type { ChooseParts, DocumentPart } from './document.ts';

/** How much a word that is there often counts more than one that is there once. */
const SATURATION = 1.2;
/** How much a long part must say more often what a short one says once. */
const LENGTH_WEIGHT = 0.75;
/** Bytes of text for each token: a rule of thumb that holds for most languages and models. */
const BYTES_PER_TOKEN = 4;

/**
 * Chooses by the words that a part shares with the topic, rare ones before common ones (BM25). A document that fits
 * is taken whole; where nothing shares a word with the topic, its beginning is.
 */
export const chooseParts: ChooseParts = ({ parts }, topic, tokensMax) => {
  if (parts.reduce((sum, part) => sum + tokensOf(part), 0) <= tokensMax) return parts;
  const scores = scoresOf(parts, new Set(wordsOf(topic)));
  const isAboutTopic = scores.some((score) => score > 0);
  const ranked = parts
    .map((part, index) => ({ part, index, score: scores[index] ?? 0 }))
    .filter(({ score }) => score > 0 || !isAboutTopic)
    .sort((one, other) => other.score - one.score || one.index - other.index);
  let left = tokensMax;
  const chosen = ranked.filter(({ part }) => {
    const tokens = tokensOf(part);
    if (tokens > left) return false;
    left -= tokens;
    return true;
  });
  return chosen.sort((one, other) => one.index - other.index).map(({ part }) => part);
};

const tokensOf = ({ text }: DocumentPart): number => Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);

function scoresOf(parts: readonly DocumentPart[], topic: ReadonlySet<string>): readonly number[] {
  const texts = parts.map(({ text }) => wordsOf(text));
  const meanWords = texts.reduce((sum, words) => sum + words.length, 0) / parts.length;
  const counts = texts.map((words) => countsOf(words, topic));
  const rarity = new Map(
    [...topic].map((word) => {
      const having = counts.filter((each) => each.has(word)).length;
      return [word, Math.log(1 + (parts.length - having + 0.5) / (having + 0.5))];
    }),
  );
  return counts.map((each, index) => {
    const lengthRatio = (texts[index]?.length ?? 0) / Math.max(meanWords, 1);
    const damping = SATURATION * (1 - LENGTH_WEIGHT + LENGTH_WEIGHT * lengthRatio);
    return [...each].reduce(
      (sum, [word, count]) => sum + ((rarity.get(word) ?? 0) * count * (SATURATION + 1)) / (count + damping),
      0,
    );
  });
}

function countsOf(words: readonly string[], wanted: ReadonlySet<string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) if (wanted.has(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

const WORD = /[\p{L}\p{M}\p{N}]+/gu;
/** Scripts that are written without spaces between words. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;

/** Words in a form in which the same ones are equal; pairs of characters where there are no spaces between words. */
const wordsOf = (text: string): readonly string[] =>
  [...text.normalize('NFKC').toLowerCase().matchAll(WORD)].flatMap(([word]) =>
    UNSPACED.test(word) ? pairsOf(Array.from(word)) : withoutPlural(word),
  );

const pairsOf = (characters: readonly string[]): readonly string[] =>
  characters.length === 1 ? characters : characters.slice(1).map((each, index) => `${characters[index]}${each}`);

const withoutPlural = (word: string): string => (word.length > 3 ? word.replace(/(?<!s)s$/, '') : word);
