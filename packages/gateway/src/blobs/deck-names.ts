import type { FileKind } from './blob-store.ts';

const TYPES = {
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  html: 'text/html; charset=utf-8',
} as const;

const NAME = /^deck_(\d{13})_[0-9a-f]{32}\.(pptx|html)$/;

/** How names of decks begin. */
export const DECK_START = 'deck_';

/** Finished decks. Their names say when they end, in milliseconds since 1970, and cannot be guessed. */
export const DECKS: FileKind = {
  folder: 'decks',
  path: '/static/decks',
  typeOf: (name) => {
    const ending = NAME.exec(name)?.[2];
    return ending === undefined ? undefined : TYPES[ending as keyof typeof TYPES];
  },
  cacheS: 0,
  wanted: 'A deck has the name that it was given when it was made.',
};

/** The name of a deck that is kept until `endsAtMs`; `random` are 32 hexadecimal digits. */
export const deckName = (ending: keyof typeof TYPES, endsAtMs: number, random: string): string =>
  `${DECK_START}${String(Math.trunc(endsAtMs)).padStart(13, '0')}_${random}.${ending}`;

/** When a deck ends, in milliseconds since 1970; `undefined` for names that no deck has. */
export function endOfDeck(name: string): number | undefined {
  const end = NAME.exec(name)?.[1];
  return end === undefined ? undefined : Number(end);
}
