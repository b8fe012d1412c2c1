import { readOfficeText } from './office-text.ts';
import { openZip } from './open-zip.ts';
import type { Passage } from './split-parts.ts';
import { unreadable } from './unreadable.ts';

const BODY = 'word/document.xml';
/** What stands below the text, in the order in which it is read. */
const NOTES = ['word/footnotes.xml', 'word/endnotes.xml'];

/**
 * The text of a Word document by pages, as far as its pages are known: where the writing program has noted where they
 * end, else where breaks were set, else not at all. Deleted text stays out.
 */
export function extractDocx(bytes: Uint8Array): readonly Passage[] {
  const files = openZip(bytes, (name) => name === BODY || NOTES.includes(name));
  const body = files.get(BODY);
  if (body === undefined) throw unreadable('invalid-request', 'The file is no Word document: it has no text part.');
  const pages = pagesOf(body);
  const notes = NOTES.flatMap((name) => paragraphsOf(files.get(name) ?? ''));
  return notes.length === 0 ? pages : [...pages, { text: notes.join('\n\n') }];
}

function pagesOf(body: string): readonly Passage[] {
  const isBreak = body.includes('lastRenderedPageBreak')
    ? (name: string) => name === 'lastRenderedPageBreak'
    : (name: string, attributes: string) => name === 'br' && /type=["']page["']/.test(attributes);
  const pages: string[][] = [[]];
  readOfficeText(body, {
    onOpen: (name, attributes) => {
      if (isBreak(name, attributes)) pages.push([]);
    },
    onParagraph: (text) => pages.at(-1)?.push(text),
  });
  if (pages.length === 1) return pages.map((paragraphs) => ({ text: paragraphs.join('\n\n') }));
  return pages.map((paragraphs, index) => ({ page: index + 1, text: paragraphs.join('\n\n') }));
}

function paragraphsOf(xml: string): readonly string[] {
  const paragraphs: string[] = [];
  readOfficeText(xml, { onParagraph: (text) => paragraphs.push(text) });
  return paragraphs;
}
