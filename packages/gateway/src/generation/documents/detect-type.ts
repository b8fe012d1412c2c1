import { failed, invalidRequest, ok, type Result } from '@patchbay/llm/model/failure';

import { DOCUMENT_TYPES, type DocumentType } from './document.ts';

/** What is known of bytes before they are read. */
export interface Hints {
  /** What the caller says they are. */
  readonly type?: DocumentType;
  /** A file's name, or the path of an address. */
  readonly name?: string;
  /** As a server declares it. */
  readonly contentType?: string;
}

/** Kinds whose bytes say what they are. */
const BINARY: ReadonlySet<DocumentType> = new Set(['pdf', 'docx', 'pptx']);

const BY_CONTENT_TYPE: readonly (readonly [pattern: RegExp, type: DocumentType])[] = [
  [/\btext\/html\b|\bxhtml\b/i, 'html'],
  [/\btext\/(?:x-)?markdown\b/i, 'md'],
  [/\btext\/(?:csv|tab-separated-values)\b/i, 'csv'],
];

const BY_ENDING: Readonly<Record<string, DocumentType>> = {
  ...Object.fromEntries(DOCUMENT_TYPES.map((type) => [type, type])),
  markdown: 'md',
  htm: 'html',
  tsv: 'csv',
  text: 'txt',
};

/**
 * What kind of document bytes are: their content first, for what servers and callers say is often wrong, then what the
 * caller says, the server, the name; else plain text. A page of the web that stands where a file was expected is a failure.
 */
export function detectType(bytes: Uint8Array, hints: Hints): Result<DocumentType> {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEAD_BYTES)).toString('latin1');
  if (head.startsWith(COMPOUND_FILE)) return failed(invalidRequest('file_url', compoundMessage(bytes)));
  const found = binaryTypeOf(head, bytes);
  if (found !== undefined) return ok(found);
  if (head.startsWith(ZIP)) return failed(invalidRequest('file_url', ZIP_MESSAGE));
  if (hints.type !== undefined && BINARY.has(hints.type)) {
    const isPage = HTML.test(head);
    return failed(invalidRequest('file_url', `${isPage ? PAGE_MESSAGE : OTHER_MESSAGE} ${hints.type.toUpperCase()}.`));
  }
  return ok(hints.type ?? textTypeOf(head, hints));
}

const HEAD_BYTES = 1024;
const COMPOUND_FILE = '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1';
const ZIP = 'PK';
const HTML = /^(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html)\b/i;

const OTHER_MESSAGE = 'The content does not begin as that kind does. Check the file, or say another file_type than';
const PAGE_MESSAGE =
  'There is a web page where the document should be: perhaps one has to sign in there. Give a direct, public address of the';
const ZIP_MESSAGE =
  'The file is a zip, but no Word document and no PowerPoint presentation. Send one of pdf, docx, pptx, txt, csv, md, html.';

function compoundMessage(bytes: Uint8Array): string {
  const isEncrypted = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(
    Buffer.from('EncryptedPackage', 'utf16le'),
  );
  return isEncrypted
    ? 'The document is protected by a password. Save it without the password and send it again.'
    : 'The document is in the old format of Office. Save it as docx, pptx or pdf and send it again.';
}

function binaryTypeOf(head: string, bytes: Uint8Array): DocumentType | undefined {
  // Readers of PDF look for its mark in the first kilobyte, since some files have something before it.
  if (head.includes('%PDF-')) return 'pdf';
  if (!head.startsWith(ZIP)) return undefined;
  // Names stand unpacked in a zip, each of them again in the list at its end.
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (content.includes('word/document.xml')) return 'docx';
  return content.includes('ppt/presentation.xml') ? 'pptx' : undefined;
}

function textTypeOf(head: string, { contentType = '', name = '' }: Hints): DocumentType {
  const declared = BY_CONTENT_TYPE.find(([pattern]) => pattern.test(contentType))?.[1];
  const ending = /\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  const byName = Object.hasOwn(BY_ENDING, ending) ? BY_ENDING[ending] : undefined;
  if (declared !== undefined) return declared;
  if (HTML.test(head)) return 'html';
  return byName === undefined || BINARY.has(byName) ? 'txt' : byName;
}
