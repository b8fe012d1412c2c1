import type { DECK_FORMATS, Slide } from '@patchbay/contract/resources/generation';

import type { Picture } from './read-picture.ts';

/** A kind of file, named like its ending. */
export type DeckFormat = (typeof DECK_FORMATS)[number];

/** A slide with its picture, where it has one. */
export interface DeckSlide extends Slide {
  readonly picture?: Picture;
}

/** A deck before it is a file. */
export interface Deck {
  readonly title: string;
  /** Tag of the language that it is in, e.g. `pt-BR`. */
  readonly lang: string;
  /** At least one. */
  readonly slides: readonly DeckSlide[];
}
