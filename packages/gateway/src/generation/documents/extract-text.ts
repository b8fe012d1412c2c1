import { failed, ok, type Result } from '@patchbay/llm/model/failure';

import { decodeText } from './decode-text.ts';
import { detectType, type Hints } from './detect-type.ts';
import type { Document, DocumentType } from './document.ts';
import { extractCsv } from './extract-csv.ts';
import { extractDocx } from './extract-docx.ts';
import { extractHtml } from './extract-html.ts';
import { extractPdf } from './extract-pdf.ts';
import { extractPptx } from './extract-pptx.ts';
import { splitParts, type Passage } from './split-parts.ts';
import { failedBy, unreadable } from './unreadable.ts';

type Extract = (bytes: Uint8Array, charset: string | undefined) => readonly Passage[] | Promise<readonly Passage[]>;

const EXTRACT: Readonly<Record<DocumentType, Extract>> = {
  pdf: extractPdf,
  docx: extractDocx,
  pptx: extractPptx,
  txt: (bytes, charset) => [{ text: textOf(bytes, charset) }],
  md: (bytes, charset) => [{ text: textOf(bytes, charset) }],
  csv: (bytes, charset) => [{ text: extractCsv(textOf(bytes, charset)) }],
  html: (bytes, charset) => [{ text: extractHtml(textOf(bytes, charset)) }],
};

/** Reads a document that is here. Takes as long and as much memory as the document asks: run it beside the gateway. */
export async function extractText(bytes: Uint8Array, hints: Hints): Promise<Result<Document>> {
  if (bytes.length === 0) return failed({ kind: 'invalid-request', message: 'The document is empty.' });
  const type = detectType(bytes, hints);
  if (!type.ok) return type;
  try {
    const document = splitParts(await EXTRACT[type.value](bytes, charsetOf(hints.contentType)));
    return document.parts.length === 0 ? failed({ kind: 'invalid-request', message: NO_TEXT }) : ok(document);
  } catch (error) {
    return failedBy(error);
  }
}

const NO_TEXT = 'There is no text in the document. Send one that has some.';
const NOT_TEXT =
  'The content is no text and no kind of document that can be read. Send one of pdf, docx, pptx, txt, csv, md, html.';

function textOf(bytes: Uint8Array, charset: string | undefined): string {
  const text = decodeText(bytes, charset);
  if (text === undefined) throw unreadable('invalid-request', NOT_TEXT);
  return text;
}

const charsetOf = (contentType = ''): string | undefined => /charset\s*=\s*"?([\w-]+)/i.exec(contentType)?.[1];
