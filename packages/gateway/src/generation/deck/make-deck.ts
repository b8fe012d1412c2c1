import { failed, invalidRequest, ok, type Result } from '@patchbay/llm/model/failure';

import type { Deck, DeckFormat } from './deck.ts';
import { writePage } from './page/write-page.ts';
import { writePptx } from './pptx/write-pptx.ts';
import { oneLine } from './slide-text.ts';

/** A deck as a file. */
export interface MadeDeck {
  readonly bytes: Buffer;
  readonly contentType: string;
  /** Made of the title; safe in a folder, but perhaps not in latin letters. */
  readonly fileName: string;
}

const WRITERS: Readonly<Record<DeckFormat, { readonly contentType: string; readonly write: (deck: Deck) => Buffer }>> =
  {
    pptx: {
      contentType: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
      write: writePptx,
    },
    html: { contentType: 'text/html; charset=utf-8', write: writePage },
  };

/** Writes a deck as a file. Fails where it has no slides, or a picture that the kind of file cannot have. */
export function makeDeck(deck: Deck, format: DeckFormat): Result<MadeDeck> {
  if (deck.slides.length === 0) return failed(invalidRequest('slides', 'must have one slide at least'));
  const refused = format === 'pptx' ? deck.slides.findIndex(({ picture }) => picture?.type === 'webp') : -1;
  if (refused >= 0) {
    const message = 'is a WebP picture, which presentations cannot have. Use PNG or JPEG, or `format` html.';
    return failed(invalidRequest(`slides.${refused}.image_url`, message));
  }
  const { contentType, write } = WRITERS[format];
  return ok({ bytes: write(deck), contentType, fileName: `${nameOf(deck.title)}.${format}` });
}

const NAME_CHARS_MAX = 80;

/** Letters and digits of any script, with `-` between them. */
function nameOf(title: string): string {
  const words = oneLine(title).replace(/[^\p{L}\p{M}\p{N}]+/gu, '-');
  const name = Array.from(words)
    .slice(0, NAME_CHARS_MAX)
    .join('')
    .replace(/^-+|-+$/g, '');
  return name === '' ? 'deck' : name;
}
