import type { Outline, Slide } from '@patchbay/contract/resources/generation';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import { tellDone } from '../../lib/tell.ts';
import { useApi, useChange } from '../../lib/use-api.ts';
import { outlineOf, type Brief } from './brief.ts';
import type { DeckSoFar } from './deck-so-far.ts';
import type { Title } from './outline-card.tsx';
import { usePictures, type Drawing, type Pictures } from './use-pictures.ts';
import { useWholeDeck, type WholeDeck } from './use-whole-deck.ts';

interface Step {
  readonly isBusy: boolean;
  readonly error: Error | null;
  readonly run: () => void;
}

/** What there is of a deck. */
export interface MadeDeck {
  /** What it was asked for: the form may have been changed since. */
  readonly asked: Brief;
  readonly titles: readonly Title[];
  readonly citations?: Outline['citations'];
  /** Absent before they are asked for; single ones are `undefined` until they are written. */
  readonly slides?: readonly (Slide | undefined)[];
}

/** A deck on its way from a brief to pictures. What is made anew takes away what was made of it before. */
export interface DeckInMaking {
  readonly made: MadeDeck | undefined;
  readonly setTitles: (titles: readonly Title[]) => void;
  readonly outline: Step;
  readonly slides: Step;
  readonly drawing: Drawing;
  readonly whole: Omit<WholeDeck, 'run'> & Pick<Step, 'run'>;
}

/** Makes it step by step, or in one go. */
export function useDeck(brief: Brief): DeckInMaking {
  const api = useApi();
  const [made, setMade] = useState<MadeDeck>();
  const outline = useMutation({
    mutationFn: async (from: Brief) => api.call('generation.outline', { body: await outlineOf(from) }),
  });
  const slides = useChange('generation.slides');
  const drawing = usePictures();
  const take = (deck: MadeDeck, pictures: Pictures): void => {
    setMade(deck);
    drawing.take(pictures);
  };
  const whole = useWholeDeck((asked, told) => take(madeOf(asked, told), told.pictures));
  const clear = (): void => {
    drawing.clear();
    slides.reset();
    outline.reset();
    whole.reset();
    setMade(undefined);
  };
  const beginAnew = (): void => putAway({ made, pictures: drawing.pictures, clear, take });
  const makeOutline = (): void => {
    beginAnew();
    outline.mutate(brief, {
      onSuccess: ({ outlines, citations }) =>
        setMade({ asked: brief, titles: titlesOf(outlines), ...(citations !== undefined && { citations }) }),
    });
  };
  const makeSlides = (): void => {
    if (made === undefined) return;
    drawing.clear();
    whole.reset();
    const { slides: _, ...outlined } = made;
    setMade(outlined);
    const { topic, level, lang } = made.asked;
    const asked = { topic, instructional_level: level as 'beginner', lang: lang.trim() };
    slides.mutate(
      { body: { ...asked, slides_titles: made.titles.map(({ text }) => text) } },
      { onSuccess: (written) => setMade({ ...outlined, slides: written.slides }) },
    );
  };
  const makeAll = (): void => {
    beginAnew();
    whole.run(brief);
  };
  return {
    made,
    setTitles: (titles) => setMade((before) => before && { ...before, titles }),
    outline: { isBusy: outline.isPending, error: outline.error, run: makeOutline },
    slides: { isBusy: slides.isPending, error: slides.error, run: makeSlides },
    drawing,
    whole: { ...whole, run: makeAll },
  };
}

interface PuttingAway {
  readonly made: MadeDeck | undefined;
  readonly pictures: Pictures;
  readonly clear: () => void;
  readonly take: (made: MadeDeck, pictures: Pictures) => void;
}

/** Clears what there is, and offers to bring it back: slides and pictures took their time and their money. */
function putAway({ made, pictures, clear, take }: PuttingAway): void {
  clear();
  if (made?.slides === undefined) return;
  tellDone('The deck before was put away.', () => {
    clear();
    take(made, pictures);
    return Promise.resolve();
  });
}

/** What was told of a whole deck so far, as what there is of it. */
const madeOf = (asked: Brief, { titles, citations, slides }: DeckSoFar): MadeDeck => ({
  asked,
  titles: titlesOf(titles),
  ...(citations !== undefined && { citations }),
  ...(slides.length > 0 && { slides }),
});

const titlesOf = (texts: readonly string[]): readonly Title[] => texts.map((text, id) => ({ id, text }));

/** What is asked for to have the slides written as a file, with the pictures that were drawn. */
export const deckOf = (format: 'pptx' | 'html', { asked, slides = [] }: MadeDeck, drawing: Drawing): object => ({
  format,
  title: asked.topic.trim().slice(0, TITLE_CHARS_MAX),
  lang: asked.lang.trim(),
  slides: slides.map((slide, at) => ({ ...slide, image_url: drawing.pictures.get(at)?.url })),
});

const TITLE_CHARS_MAX = 500;
