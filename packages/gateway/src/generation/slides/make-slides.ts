import type { Slide } from '@patchbay/contract/resources/generation';
import { ok, type Result } from '@patchbay/llm/model/failure';

import { askForObject, type AskingParts } from '../ask-for-object.ts';
import type { ChosenModel } from '../choose-model.ts';
import type { Wish } from '../ports.ts';
import { slidesPrompt, type SlidesAsk } from './prompt.ts';
import { checkSlides, slidesSchema } from './shape.ts';

/** What a slide takes, in tokens, and an answer besides. */
const SLIDE_TOKENS = 500;
const OTHER_TOKENS = 1000;
const OUTPUT_TOKENS_MAX = 16_000;

/** Has the slides of a deck written. */
export async function makeSlides(
  parts: AskingParts & { readonly template?: string },
  { model, ...asked }: SlidesAsk & { readonly model: ChosenModel },
  wish: Wish,
): Promise<Result<{ readonly slides: readonly Slide[] }>> {
  const count = asked.titles.length;
  wish.tell?.({ event: 'progress', data: { stage: 'writing', done: 0, total: count } });
  const written = await askForObject(
    parts,
    {
      ...slidesPrompt(asked, parts.template),
      endpoint: 'slides',
      model,
      name: 'slides',
      schema: slidesSchema(count),
      check: (value) => checkSlides(value, asked),
      list: 'slides',
      maxOutputTokens: Math.min(OUTPUT_TOKENS_MAX, OTHER_TOKENS + SLIDE_TOKENS * count),
    },
    wish,
  );
  return written.ok ? ok({ slides: written.value }) : written;
}
