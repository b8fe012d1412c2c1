import type { Result } from '@patchbay/llm/model/failure';

/** Kinds of documents that can be read. */
export const DOCUMENT_TYPES = ['pdf', 'docx', 'pptx', 'txt', 'csv', 'md', 'html'] as const;

/** A kind of document, named like the ending of its files. */
export type DocumentType = (typeof DOCUMENT_TYPES)[number];

/** One passage of a document, at most about 2,000 characters. */
export interface DocumentPart {
  /** Unique within its document, and the same each time that it is read, e.g. `p3-1`. */
  readonly id: string;
  /** Page or slide, from 1; absent where the kind has none. */
  readonly page?: number;
  readonly text: string;
}

/** A document as far as it could be read. Never empty: a document without text is a failure. */
export interface Document {
  readonly text: string;
  readonly parts: readonly DocumentPart[];
}

/** Where a document is, and what it is said to be; without a type its content and its name tell. */
export type DocumentAsked = { readonly type?: DocumentType } & (
  | { readonly url: string }
  | { readonly upload: { readonly bytes: Buffer; readonly name?: string } }
);

/** Gets a document and reads it. The signal ends both. */
export type ReadDocument = (asked: DocumentAsked, signal: AbortSignal) => Promise<Result<Document>>;

/** The passages of a document that say most of a topic, in the document's order, together at most `tokensMax` tokens. */
export type ChooseParts = (document: Document, topic: string, tokensMax: number) => readonly DocumentPart[];
