import type { Document, DocumentPart } from './document.ts';

/** A stretch of text from one place of a document. */
export interface Passage {
  /** Page or slide, from 1; absent where the kind has none. */
  readonly page?: number;
  readonly text: string;
}

/** Longest part, in characters. */
export const PART_CHARS_MAX = 2000;
/** A part is not cut before this share of it: rather within a sentence. */
const CUT_SHARE_MIN = 0.5;

/** Makes parts of passages; their ids say the page and the place there: `p3-1`, or `p1` where there are no pages. */
export function splitParts(passages: readonly Passage[]): Document {
  const parts = passages.flatMap(({ page, text }) => cut(clean(text)).map((each) => ({ page, text: each })));
  const counts = new Map<number | undefined, number>();
  const named = parts.map(({ page, text }): DocumentPart => {
    const count = (counts.get(page) ?? 0) + 1;
    counts.set(page, count);
    return page === undefined ? { id: `p${count}`, text } : { id: `p${page}-${count}`, page, text };
  });
  return { text: named.map(({ text }) => text).join('\n\n'), parts: named };
}

/** Text as people see it: whole characters, none that steer a terminal, and no more than one empty line. */
const clean = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029\f\v]/g, '\n')
    .replace(/[^\P{Cc}\t\n]|\ufffe|\uffff/gu, '')
    .replace(/[^\S\n]+/g, (space) => (space.includes('\t') ? '\t' : ' '))
    .replace(/[ \t]\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();

/** Where text is best cut, the best first: between paragraphs, lines, sentences, words. */
const CUTS = [/\n\n/g, /\n/g, /[.!?。！？؟]["”»)]?\s|[。！？]/g, /\s/g];

function cut(text: string): readonly string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > PART_CHARS_MAX) {
    const end = cutBefore(rest.slice(0, PART_CHARS_MAX));
    parts.push(rest.slice(0, end).trim());
    rest = rest.slice(end).trimStart();
  }
  return [...parts, rest].filter((part) => part !== '');
}

function cutBefore(head: string): number {
  for (const at of CUTS) {
    const last = [...head.matchAll(at)].at(-1);
    const end = last === undefined ? 0 : last.index + last[0].length;
    if (end >= head.length * CUT_SHARE_MIN) return end;
  }
  // Never between the two halves of one character.
  return /[\ud800-\udbff]$/.test(head) ? head.length - 1 : head.length;
}
