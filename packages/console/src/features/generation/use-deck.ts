import type { Outline, Slide } from '@patchbay/contract/resources/generation';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import { tellDone } from '../../lib/tell.ts';
import { useApi, useChange } from '../../lib/use-api.ts';
import { outlineOf, type Brief } from './brief.ts';
import type { Title } from './outline-card.tsx';
import { usePictures, type Drawing } from './use-pictures.ts';
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
  const whole = useWholeDeck((asked, { titles, citations, slides: written, pictures }) => {
    const hasSlides = written.length > 0;
    setMade({
      asked,
      titles: titlesOf(titles),
      ...(citations !== undefined && { citations }),
      ...(hasSlides && { slides: written }),
    });
    drawing.take(pictures);
  });
  const clear = (): void => {
    drawing.clear();
    slides.reset();
    outline.reset();
    whole.reset();
    setMade(undefined);
  };
  /** Offers to bring back what took its time and its money. */
  const putAway = (): void => {
    const kept = made;
    const { pictures } = drawing;
    clear();
    if (kept?.slides === undefined) return;
    tellDone('The deck before was put away.', () => {
      clear();
      setMade(kept);
      drawing.take(pictures);
      return Promise.resolve();
    });
  };
  const makeOutline = (): void => {
    putAway();
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
    putAway();
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

const titlesOf = (texts: readonly string[]): readonly Title[] => texts.map((text, id) => ({ id, text }));

/** What is asked for to have the slides written as a file, with the pictures that were drawn. */
export const deckOf = (format: 'pptx' | 'html', { asked, slides = [] }: MadeDeck, drawing: Drawing): object => ({
  format,
  title: asked.topic.trim().slice(0, TITLE_CHARS_MAX),
  lang: asked.lang.trim(),
  slides: slides.map((slide, at) => ({ ...slide, image_url: drawing.pictures.get(at)?.url })),
});

const TITLE_CHARS_MAX = 500;
