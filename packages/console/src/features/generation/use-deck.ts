import type { Slide } from '@patchbay/contract/resources/generation';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import type { Answer } from '../../lib/api.ts';
import { useApi, useChange } from '../../lib/use-api.ts';
import { outlineOf, type Brief } from './brief.ts';
import type { Title } from './outline-card.tsx';
import { usePictures, type Drawing } from './use-pictures.ts';

interface Step {
  readonly isBusy: boolean;
  readonly error: Error | null;
  readonly run: () => void;
}

/** A deck on its way from a brief to pictures. What is made anew takes away what was made of it before. */
export interface DeckInMaking {
  readonly outline: Step & { readonly made: Answer<'generation.outline'> | undefined };
  readonly titles: readonly Title[];
  readonly setTitles: (titles: readonly Title[]) => void;
  readonly slides: Step & { readonly made: readonly Slide[] | undefined };
  readonly drawing: Drawing;
  /** What the slides were asked for. */
  readonly asked: Pick<Brief, 'topic' | 'lang'>;
}

/** Makes it step by step. */
export function useDeck(brief: Brief): DeckInMaking {
  const api = useApi();
  const [titles, setTitles] = useState<readonly Title[]>([]);
  const outline = useMutation({
    mutationFn: async (from: Brief) => api.call('generation.outline', { body: await outlineOf(from) }),
  });
  const slides = useChange('generation.slides');
  const drawing = usePictures();
  const makeOutline = (): void => {
    drawing.clear();
    slides.reset();
    setTitles([]);
    outline.mutate(brief, {
      onSuccess: ({ outlines }) => setTitles(outlines.map((text, id) => ({ id, text }))),
    });
  };
  const makeSlides = (): void => {
    drawing.clear();
    // As the outline was asked for: the form may have been changed since.
    const { topic, level, lang } = outline.variables ?? brief;
    const asked = { topic, instructional_level: level as 'beginner', lang: lang.trim() };
    slides.mutate({ body: { ...asked, slides_titles: titles.map(({ text }) => text) } });
  };
  return {
    outline: { made: outline.data, isBusy: outline.isPending, error: outline.error, run: makeOutline },
    titles,
    setTitles,
    slides: { made: slides.data?.slides, isBusy: slides.isPending, error: slides.error, run: makeSlides },
    drawing,
    asked: outline.variables ?? brief,
  };
}

/** What is asked for to have the slides written as a file, with the pictures that were drawn. */
export const deckOf = (format: 'pptx' | 'html', { slides, drawing, asked }: DeckInMaking): object => ({
  format,
  title: asked.topic.trim().slice(0, TITLE_CHARS_MAX),
  lang: asked.lang.trim(),
  slides: (slides.made ?? []).map((slide, at) => ({ ...slide, image_url: drawing.pictures.get(at)?.url })),
});

const TITLE_CHARS_MAX = 500;
