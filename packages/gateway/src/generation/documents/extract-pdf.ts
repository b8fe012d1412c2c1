import type { Passage } from './split-parts.ts';
import { unreadable } from './unreadable.ts';

/** Lines further apart than this many times their height are paragraphs. */
const PARAGRAPH_GAP = 1.8;

/** The text of a PDF by pages, in the order in which its file has it. Nothing in it is run, and nothing is fetched. */
export async function extractPdf(bytes: Uint8Array): Promise<readonly Passage[]> {
  // A megabyte of code that most gateways never need.
  const { getDocumentProxy } = await import('unpdf');
  const pdf = await getDocumentProxy(bytes, { verbosity: 0, disableFontFace: true, useSystemFonts: false }).catch(
    (error: unknown) => {
      throw nameOf(error) === 'PasswordException' ? ENCRYPTED : BROKEN;
    },
  );
  const passages: Passage[] = [];
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    passages.push({ page: number, text: textOf(items) });
    page.cleanup();
  }
  if (passages.every(({ text }) => text.trim() === '')) throw SCANNED;
  return passages;
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');

const ENCRYPTED = unreadable(
  'invalid-request',
  'The PDF is protected by a password. Save it without the password and send it again.',
);
const BROKEN = unreadable('invalid-request', 'The PDF is broken and could not be read. Export it again.');
const SCANNED = unreadable(
  'invalid-request',
  'The PDF has no text, only pictures of it, as a scan has. Run text recognition (OCR) over it first.',
);

/** A piece of a page as the library has it; marks of other kinds have no text. */
type Item = { readonly type: string } | PlacedText;
interface PlacedText {
  readonly str: string;
  readonly hasEOL: boolean;
  readonly height: number;
  /** A matrix; the sixth number is how high on the page it stands. */
  readonly transform: readonly number[];
}

function textOf(items: readonly Item[]): string {
  let text = '';
  let last: PlacedText | undefined;
  for (const item of items) {
    if (!('str' in item)) continue;
    if (item.str.trim() !== '') {
      if (last !== undefined && isApart(last, item)) text += '\n';
      last = item;
    }
    text += item.hasEOL ? `${item.str}\n` : item.str;
  }
  return text.replace(/(\p{Ll})-\n(?=\p{Ll})/gu, '$1');
}

const isApart = (above: PlacedText, below: PlacedText): boolean =>
  Math.abs((above.transform[5] ?? 0) - (below.transform[5] ?? 0)) >
  PARAGRAPH_GAP * Math.max(above.height, below.height, 1);
