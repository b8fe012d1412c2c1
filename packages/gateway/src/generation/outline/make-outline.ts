import { failed, ok, type Failure, type Result } from '@patchbay/llm/model/failure';

import { askForObject, type AskingParts } from '../ask-for-object.ts';
import type { ChosenModel } from '../choose-model.ts';
import type { ChooseParts, Document, DocumentAsked, DocumentPart, ReadDocument } from '../documents/document.ts';
import type { Wish } from '../ports.ts';
import { outlinePrompt, type OutlineAsk } from './prompt.ts';
import { checkOutline, outlineSchema } from './shape.ts';

export interface OutlineParts extends AskingParts {
  readonly readDocument: ReadDocument;
  readonly chooseParts: ChooseParts;
  readonly template?: string;
}

/** Where a passage that was used stands. */
export interface Citation {
  readonly id: string;
  readonly page?: number;
}

/** Titles of a deck; citations where there was a document. */
export interface MadeOutline {
  readonly outlines: readonly string[];
  readonly citations?: readonly Citation[];
}

/** Longest part of a document that is put into a prompt, in tokens: every model of today has room for it. */
const DOCUMENT_TOKENS_MAX = 12_000;
const OUTPUT_TOKENS_MAX = 4000;

/** Reads the document that an outline is to be made from. */
export async function readReference(
  { readDocument }: Pick<OutlineParts, 'readDocument'>,
  asked: DocumentAsked,
  wish: Wish,
): Promise<Result<Document>> {
  wish.tell?.({ event: 'progress', data: { stage: 'reading-document' } });
  const read = await readDocument(asked, wish.signal);
  const path = 'url' in asked ? 'file_url' : 'data';
  if (!read.ok) return failed({ ...read.failure, path });
  return read.value.parts.length === 0 ? failed({ ...EMPTY, path }) : read;
}

/** Has an outline written, from a document where there is one. */
export async function makeOutline(
  parts: OutlineParts,
  { model, document, ...asked }: OutlineAsk & { readonly model: ChosenModel; readonly document: Document | undefined },
  wish: Wish,
): Promise<Result<MadeOutline>> {
  const passages = document === undefined ? [] : parts.chooseParts(document, asked.topic, DOCUMENT_TOKENS_MAX);
  const { count, lang } = asked;
  wish.tell?.({ event: 'progress', data: { stage: 'writing', done: 0, total: count } });
  const written = await askForObject(
    parts,
    {
      ...outlinePrompt(asked, passages, parts.template),
      endpoint: 'outline',
      model,
      name: 'outline',
      schema: outlineSchema(count, passages.length > 0),
      check: (value) => checkOutline(value, count, lang),
      list: 'outlines',
      maxOutputTokens: OUTPUT_TOKENS_MAX,
    },
    wish,
  );
  if (!written.ok) return written;
  const { outlines, sources } = written.value;
  return ok({ outlines, ...(document !== undefined && { citations: citationsOf(passages, sources) }) });
}

/** The passages that the model names of those it had; all of those where it names none of them. */
function citationsOf(passages: readonly DocumentPart[], sources: readonly string[]): readonly Citation[] {
  const named = passages.filter(({ id }) => sources.includes(id));
  return (named.length === 0 ? passages : named).map(({ id, page }) => ({ id, ...(page !== undefined && { page }) }));
}

const EMPTY: Failure = {
  kind: 'invalid-request',
  message: 'The document has no text that could be read. Send one whose text can be selected.',
};
