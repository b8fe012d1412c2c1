import type { Slide, SlideContent } from '@patchbay/contract/resources/generation';

/** What stands in one place of a slide. */
export interface TextBlock {
  readonly lines: readonly string[];
  /** A list has a mark before each line. */
  readonly isList: boolean;
}

/** The places under the title, one or two. Empty lines are left out; a place may be empty. */
export const blocksOf = ({ content }: Pick<Slide, 'content'>): readonly TextBlock[] =>
  typeof content === 'string' || Array.isArray(content)
    ? [blockOf(content)]
    : [blockOf(content.leftColumn), blockOf(content.rightColumn)];

function blockOf(content: Exclude<SlideContent, { leftColumn: unknown }>): TextBlock {
  const isList = Array.isArray(content);
  const lines = isList ? content.map((each) => oneLine(each)) : linesOf(content);
  return { isList, lines: lines.filter((line) => line !== '') };
}

/** A text as lines that every file can hold, e.g. what the speaker says. */
export const linesOf = (text: string): readonly string[] =>
  text
    .split(/\r\n?|[\n\v\f\u2028\u2029]/)
    .map(oneLine)
    .filter((line) => line !== '');

/** A text as one line that every file can hold: no half characters, and none that XML forbids. */
export const oneLine = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\ufffe\uffff\s]+/gu, ' ')
    .trim();

const STRONG = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]|(\p{L})/u;

/** True where a text runs from right to left, by its first letter. */
export function isRightToLeft(text: string): boolean {
  const first = STRONG.exec(text);
  return first !== null && first[1] === undefined;
}

/** True for languages that are written from right to left. */
export function isRightToLeftLanguage(lang: string): boolean {
  const { script } = new Intl.Locale(lang).maximize();
  return ['Arab', 'Hebr', 'Syrc', 'Thaa', 'Nkoo', 'Rohg'].includes(script ?? '');
}
