import { createHash } from 'node:crypto';

import type { Slide } from '@patchbay/contract/resources/generation';
import type { Result } from '@patchbay/llm/model/failure';
import type { Json } from '@patchbay/llm/model/json';

import type { AnswerCache } from '../coordination/answer-cache.ts';
import type { AskingParts } from './ask-for-object.ts';
import { chooseArtist, chooseWriter, type ModelSettings } from './choose-model.ts';
import type { DocumentAsked } from './documents/document.ts';
import { makeImages, type ImageParts, type PicturedSlide } from './images/make-images.ts';
import { madeBefore, type Made } from './made-before.ts';
import { makeOutline, readReference, type MadeOutline, type OutlineParts } from './outline/make-outline.ts';
import type { OutlineAsk } from './outline/prompt.ts';
import type { GenerationEndpoint, Wish } from './ports.ts';
import { makeSlides } from './slides/make-slides.ts';
import type { SlidesAsk } from './slides/prompt.ts';

export interface GenerationParts
  extends AskingParts, Omit<OutlineParts, 'template'>, Omit<ImageParts, 'template' | keyof AskingParts> {
  readonly settings: ModelSettings & {
    /** Prompts in the place of our own. */
    readonly templates: Readonly<Partial<Record<GenerationEndpoint, string>>>;
  };
  readonly cache: AnswerCache;
}

/** What a request may say besides: the model that it wants. */
interface ModelNamed {
  readonly model?: string | undefined;
}

type MadeImages = Awaited<ReturnType<typeof makeImages>> extends Result<infer Value> ? Value : never;

/** Makes decks. Whoever asks the same again gets what was made then, while that is kept. */
export interface Generation {
  outline(
    asked: OutlineAsk & ModelNamed & { readonly document?: DocumentAsked },
    wish: Wish,
  ): Promise<Result<Made<MadeOutline>>>;
  slides(asked: SlidesAsk & ModelNamed, wish: Wish): Promise<Result<Made<{ readonly slides: readonly Slide[] }>>>;
  images(
    asked: ModelNamed & { readonly slides: readonly PicturedSlide[] },
    wish: Wish,
  ): Promise<Result<Made<MadeImages>>>;
}

/** Puts the parts together. */
export function createGeneration(given: GenerationParts): Generation {
  const { settings, cache, models } = given;
  const { outline: outlineTemplate, slides: slidesTemplate, images: imageTemplate } = settings.templates;
  return {
    async outline({ document: reference, model: named, ...asked }, wish) {
      const chosen = chooseWriter(settings, models, { endpoint: 'outline', asked: named });
      if (!chosen.ok) return chosen;
      const model = chosen.value;
      begin(wish, 'outline', model.address);
      const read = reference && (await readReference(given, reference, wish));
      if (read?.ok === false) return read;
      const document = read?.value;
      const question = { ...asked, ...model, document: document && hashOf(document.text), template: outlineTemplate };
      const parts = { ...given, ...(outlineTemplate !== undefined && { template: outlineTemplate }) };
      return madeBefore(cache, questionOf('outline', wish, question), {
        make: () => makeOutline(parts, { ...asked, model, document }, wish),
      });
    },
    async slides({ model: named, ...asked }, wish) {
      const chosen = chooseWriter(settings, models, { endpoint: 'slides', asked: named });
      if (!chosen.ok) return chosen;
      const model = chosen.value;
      begin(wish, 'slides', model.address);
      const parts = { ...given, ...(slidesTemplate !== undefined && { template: slidesTemplate }) };
      return madeBefore(cache, questionOf('slides', wish, { ...asked, ...model, template: slidesTemplate }), {
        make: () => makeSlides(parts, { ...asked, model }, wish),
      });
    },
    async images({ model: named, slides }, wish) {
      const artist = chooseArtist(settings, models, named);
      if (!artist.ok) return artist;
      begin(wish, 'images', artist.value);
      const writer = chooseWriter(settings, models, { endpoint: 'slides', asked: undefined });
      const parts = { ...given, ...(imageTemplate !== undefined && { template: imageTemplate }) };
      const question = { slides, artist: artist.value, template: imageTemplate };
      return madeBefore(cache, questionOf('images', wish, question), {
        make: () =>
          makeImages(parts, { slides, artist: artist.value, writer: writer.ok ? writer.value : undefined }, wish),
        mayKeep: ({ status }) => status === 'success',
      });
    },
  };
}

const begin = ({ tell, requestId }: Wish, endpoint: GenerationEndpoint, model: string): void =>
  tell?.({ event: 'started', data: { endpoint, model, request_id: requestId } });

/** Keys of one user share what was made; a key of nobody's has its own. */
const questionOf = (endpoint: GenerationEndpoint, { caller }: Wish, asked: object) => ({
  endpoint,
  tenant: caller.userId === undefined ? `key ${caller.keyId}` : `user ${caller.userId}`,
  asked: JSON.parse(JSON.stringify(asked)) as Json,
});

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
