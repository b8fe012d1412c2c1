/** `de` as `German`; the tag itself where nobody has a name for it. */
export const languageName = (tag: string): string =>
  new Intl.DisplayNames(['en'], { type: 'language', fallback: 'code' }).of(tag) ?? tag;

/** A text with `{name}` replaced by its value; names that are not known stay. */
export const filled = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? '') : whole,
  );

/** Scripts that stand for several of Unicode’s. */
const SCRIPTS: Readonly<Record<string, readonly string[]>> = {
  Jpan: ['Hira', 'Kana', 'Hani'],
  Kore: ['Hang', 'Hani'],
  Hans: ['Hani'],
  Hant: ['Hani'],
};

/**
 * Finds letters of the script that a language is written in. `undefined` for Latin, in which names stand in every
 * language, and for scripts that the engine does not know.
 */
export function lettersOf(tag: string): RegExp | undefined {
  const { script } = new Intl.Locale(tag).maximize();
  if (script === undefined || script === 'Latn') return undefined;
  try {
    return new RegExp((SCRIPTS[script] ?? [script]).map((each) => `\\p{Script=${each}}`).join('|'), 'u');
  } catch {
    return undefined;
  }
}

/** What is wrong with the language of texts, if anything is: half of them must have letters of its script. */
export function languageIssue(texts: readonly string[], tag: string): string | undefined {
  const letters = lettersOf(tag);
  if (letters === undefined || texts.length === 0) return undefined;
  const written = texts.filter((text) => letters.test(text)).length;
  return written * 2 >= texts.length ? undefined : `it must be written in ${languageName(tag)}`;
}

/** What looks like markup, or is broken off: emphasis, code, headings, bullets, links, line breaks. */
const MARKUP = /\*\*|__|`|^\s*#{1,6}\s|^\s*[-*•]\s|\]\(|<\/?[a-z][a-z0-9]*>|[\r\n\t]|\uFFFD/i;

/** True where a text holds marks that no reader of a slide should see. */
export const hasMarkup = (text: string): boolean => MARKUP.test(text);

/** The words of a text that mean something: three letters or more, or any in scripts without letters. */
export function wordsIn(text: string): ReadonlySet<string> {
  const segments = new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text.toLowerCase());
  return new Set(
    [...segments].flatMap(({ segment, isWordLike }) =>
      isWordLike === true && (segment.length > 2 || /\p{Lo}/u.test(segment)) && !COMMON.has(segment) ? [segment] : [],
    ),
  );
}

const COMMON: ReadonlySet<string> = new Set(
  'the and for with from into about how why what are is its their your our this that you can will not all'.split(' '),
);
