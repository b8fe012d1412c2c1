import type { Slide } from '@patchbay/contract/resources/generation';
import { useState } from 'react';

import type { Answer } from '../../lib/api.ts';
import { useChange } from '../../lib/use-api.ts';

/** How the picture of a slide fares. */
export interface Picture {
  readonly status: 'drawing' | 'generated' | 'skipped' | 'error';
  readonly url?: string;
  /** What it was asked by. */
  readonly prompt?: string;
  /** Why there is none. */
  readonly why?: string;
}

/** Pictures by the place of their slide. */
export type Pictures = ReadonlyMap<number, Picture>;

export interface Drawing {
  readonly pictures: Pictures;
  readonly isBusy: boolean;
  /** Why the last request was refused as a whole. */
  readonly error: Error | null;
  /** Draws those of some places, all in one request; the others stand. */
  readonly draw: (slides: readonly Slide[], places: readonly number[]) => void;
  /** Takes pictures over that were drawn with the whole deck. */
  readonly take: (pictures: Pictures) => void;
  readonly clear: () => void;
}

/** Has pictures drawn. What could not be asked leaves those before as they were. */
export function usePictures(): Drawing {
  const request = useChange('generation.images');
  const [pictures, setPictures] = useState<Pictures>(new Map());
  const draw = (slides: readonly Slide[], places: readonly number[]): void => {
    const before = pictures;
    const chosen = places.flatMap((at) => slides[at] ?? []);
    setPictures(new Map<number, Picture>([...before, ...places.map((at) => [at, { status: 'drawing' }] as const)]));
    request.mutate(
      { body: { slides: chosen } },
      {
        onSuccess: ({ slides: drawn }) => {
          const made = places.flatMap((at, which) => {
            const slide = drawn[which];
            return slide === undefined ? [] : [[at, pictureOf(slide)] as const];
          });
          setPictures(new Map<number, Picture>([...before, ...made]));
        },
        onError: () => setPictures(before),
      },
    );
  };
  const clear = (): void => {
    request.reset();
    setPictures(new Map());
  };
  return { pictures, isBusy: request.isPending, error: request.error, draw, take: setPictures, clear };
}

/** How a picture fares, as the gateway tells it. */
export const pictureOf = ({
  image_status,
  image_url,
  prompt,
  error,
}: Answer<'generation.images'>['slides'][number]): Picture => ({
  status: image_status,
  ...(image_url !== null && { url: image_url }),
  ...(prompt !== undefined && { prompt }),
  ...(error !== undefined && { why: error }),
});
