import type { DeckLink, Outline, Slide } from '@patchbay/contract/resources/generation';

import type { Answer } from '../../lib/api.ts';
import type { ToldEvent } from '../../lib/event-stream.ts';
import { pictureOf, type Pictures } from './use-pictures.ts';

/** Steps in which a whole deck is made, in their order. */
export const STEPS = ['outline', 'slides', 'images', 'rendering'] as const;
export type DeckStep = (typeof STEPS)[number];

/** A whole deck on its way: what was told of it so far. */
export interface DeckSoFar {
  /** The step that is under way, or was when it ended early; absent before the first, and after the last. */
  readonly step?: DeckStep;
  readonly titles: readonly string[];
  readonly citations?: Outline['citations'];
  /** By the place of their title; `undefined` for those that are still to come. */
  readonly slides: readonly (Slide | undefined)[];
  readonly pictures: Pictures;
  /** Where the file lies, once it is written. */
  readonly link?: DeckLink;
}

/** Nothing was told yet. */
export const NOTHING_YET: DeckSoFar = { titles: [], slides: [], pictures: new Map() };

type Drawn = Answer<'generation.images'>['slides'][number];

/** What events of a deck carry, each some of it. */
interface Told {
  readonly step?: DeckStep;
  readonly stage?: string;
  readonly index?: number;
  readonly item?: unknown;
  readonly outlines?: readonly string[];
  readonly citations?: Outline['citations'];
  readonly slides?: readonly unknown[];
}

/** The deck with what one event tells of it. */
export function withEvent(deck: DeckSoFar, { name, data }: ToldEvent): DeckSoFar {
  if (name === 'done') {
    const { step: _, ...made } = deck;
    return { ...made, link: data as DeckLink };
  }
  const told = data as Told;
  if (told.step === undefined) return deck;
  const here = { ...deck, step: told.step };
  if (name === 'item') return ITEMS[told.step](here, told.index ?? 0, told.item);
  if (told.stage === 'done') return RESULTS[told.step](here, told);
  return name === 'started' && told.step === 'images'
    ? { ...here, pictures: ofAll(here, { status: 'drawing' }) }
    : here;
}

/** The deck as it stays when its making ends early: slides up to the first that is missing, and no picture on its way. */
export function withoutOpenEnds(deck: DeckSoFar): DeckSoFar {
  const missing = deck.slides.indexOf(undefined);
  return {
    ...deck,
    slides: missing === -1 ? deck.slides : deck.slides.slice(0, missing),
    pictures: new Map([...deck.pictures].filter(([, { status }]) => status !== 'drawing')),
  };
}

const ofAll = (
  { slides }: DeckSoFar,
  picture: Parameters<Map<number, ReturnType<typeof pictureOf>>['set']>[1],
): Pictures => new Map([...slides.keys()].map((at) => [at, picture]));

/** The list with one more item in its place; places between stay free. */
const placed = <Item>(items: readonly (Item | undefined)[], at: number, item: Item): readonly (Item | undefined)[] =>
  Array.from({ length: Math.max(items.length, at + 1) }, (_, place) => (place === at ? item : items[place]));

/** Single items are told as they are written, before anybody has checked them. */
const ITEMS: Readonly<Record<DeckStep, (deck: DeckSoFar, at: number, item: unknown) => DeckSoFar>> = {
  outline: (deck, at, item) => ({ ...deck, titles: placed(deck.titles, at, String(item)).map((each) => each ?? '') }),
  slides: (deck, at, item) => {
    const title = deck.titles[at];
    return isSlide(item)
      ? { ...deck, slides: placed(deck.slides, at, { ...item, ...(title !== undefined && { title }) }) }
      : deck;
  },
  images: (deck, at, item) => ({ ...deck, pictures: new Map([...deck.pictures, [at, pictureOf(item as Drawn)]]) }),
  rendering: (deck) => deck,
};

/** The end of a step tells all of it, checked. */
const RESULTS: Readonly<Record<DeckStep, (deck: DeckSoFar, told: Told) => DeckSoFar>> = {
  outline: (deck, { outlines = [], citations }) => ({
    ...deck,
    titles: outlines,
    slides: outlines.map(() => undefined),
    ...(citations !== undefined && { citations }),
  }),
  slides: (deck, { slides = [] }) => ({ ...deck, slides: slides as readonly Slide[] }),
  images: (deck, { slides = [] }) => ({
    ...deck,
    pictures: new Map(slides.map((each, at) => [at, pictureOf(each as Drawn)])),
  }),
  rendering: (deck) => deck,
};

const TEMPLATES: Readonly<Record<Slide['template'], (content: unknown) => boolean>> = {
  sectionHeader: isText,
  titleAndBody: isText,
  titleAndBullets: isColumn,
  twoColumn: (content) => {
    const { leftColumn, rightColumn } = (content ?? {}) as Readonly<Record<string, unknown>>;
    return isColumn(leftColumn) && isColumn(rightColumn);
  },
};

function isText(content: unknown): content is string {
  return typeof content === 'string';
}

function isColumn(content: unknown): boolean {
  return isText(content) || (Array.isArray(content) && content.every(isText));
}

/** True for what can be shown as a slide already. */
function isSlide(item: unknown): item is Slide {
  const { title, template, content } = (item ?? {}) as Readonly<Record<string, unknown>>;
  return isText(title) && isText(template) && TEMPLATES[template as Slide['template']]?.(content) === true;
}
