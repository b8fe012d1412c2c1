import type { GENERATION_OPERATIONS } from '@patchbay/contract/operations/generation';
import type { CreateDeck, DeckLink } from '@patchbay/contract/resources/generation';
import type { Result } from '@patchbay/llm/model/failure';

import type { DeckFormat } from '../../generation/deck/deck.ts';
import type { Decks, FinishedDeck } from '../../generation/deck/finish-decks.ts';
import type { DeckShelf } from '../../generation/deck/keep-decks.ts';
import type { DocumentAsked } from '../../generation/documents/document.ts';
import type { Generation } from '../../generation/generation.ts';
import type { Made } from '../../generation/made-before.ts';
import type { Wish } from '../../generation/ports.ts';
import { callerOf, type Principal } from '../../identity/principal.ts';
import { refused, type Answer, type Circumstances, type Handlers } from '../handler.ts';
import { timestamp } from '../timestamp.ts';
import { operationFailureOf } from './operation-failure.ts';

/** Has decks made on behalf of whoever asks. */
export function generationHandlers(
  generation: Generation,
  decks: Decks,
  shelf: Pick<DeckShelf, 'keep'>,
): Handlers<keyof typeof GENERATION_OPERATIONS> {
  return {
    'generation.outline': async ({ body }, circumstances) => {
      const { topic, n_slides: count, instructional_level: level, lang, model } = body;
      const document = documentIn(body);
      const asked = { topic, count, level, lang, model, ...(document !== undefined && { document }) };
      const made = await generation.outline(asked, wishOf(circumstances, '/v1/generate/outline'));
      return answerOf(made, ({ outlines, citations }) => ({
        outlines: [...outlines],
        ...(citations !== undefined && { citations: [...citations] }),
      }));
    },
    'generation.slides': async ({ body }, circumstances) => {
      const { topic, slides_titles: titles, instructional_level: level, lang, model } = body;
      const asked = { topic, titles, level, lang, model };
      const made = await generation.slides(asked, wishOf(circumstances, '/v1/generate/slides'));
      return answerOf(made, ({ slides }) => ({ slides: [...slides] }));
    },
    'generation.images': async ({ body: { slides, model } }, circumstances) => {
      const made = await generation.images({ slides, model }, wishOf(circumstances, '/v1/generate/images'));
      const { origin = '' } = circumstances;
      return answerOf(made, (value) => ({
        status: value.status,
        slides: value.slides.map((slide) => ({ ...slide, image_url: absolute(slide.image_url, origin) })),
      }));
    },
    'generation.deck': async ({ body }, circumstances) => {
      const made = await deckOf(decks, body, circumstances);
      if (!made.ok) return refused(operationFailureOf(made.failure));
      if (circumstances.tell !== undefined) return linked(shelf, made.value, { format: body.format, circumstances });
      const { fileName: name, contentType, bytes, unpictured } = made.value;
      const headers = unpictured.length === 0 ? {} : { [MISSING_PICTURES]: unpictured.join(',') };
      return { ok: true, value: undefined, file: { name, contentType, bytes }, headers };
    },
  };
}

/** Names the slides, from 1, whose pictures could not be drawn. */
const MISSING_PICTURES = 'x-patchbay-missing-pictures';

async function deckOf(decks: Decks, body: CreateDeck, circumstances: Circumstances): Promise<Result<FinishedDeck>> {
  const { format, title, lang, slides = [], topic, n_slides: count, instructional_level: level, model } = body;
  if (topic === undefined || count === undefined) {
    const { origin = '' } = circumstances;
    return decks.fromSlides({ format, title, lang, slides, origin }, circumstances);
  }
  const document = documentIn(body);
  const asked = { format, title, lang, topic, count, level, model, isPictured: body.images };
  const wish = wishOf(circumstances, '/v1/generate/deck');
  return decks.fromTopic({ ...asked, ...(document !== undefined && { document }) }, wish);
}

/** Events carry no files: the last one says where the file lies. */
async function linked(
  shelf: Pick<DeckShelf, 'keep'>,
  deck: FinishedDeck,
  { format, circumstances: { origin = '' } }: { readonly format: DeckFormat; readonly circumstances: Circumstances },
): Promise<Answer<undefined>> {
  const kept = await shelf.keep(deck, format);
  if (!kept.ok) return refused(operationFailureOf(kept.failure));
  const { url, endsAtMs } = kept.value;
  const said: DeckLink = {
    url: absolute(url, origin),
    file_name: deck.fileName,
    content_type: deck.contentType,
    bytes: deck.bytes.length,
    expires_at: timestamp(endsAtMs),
    missing_pictures: [...deck.unpictured],
  };
  return { ok: true, value: undefined, said };
}

function documentIn(body: {
  readonly file_url?: string | null | undefined;
  readonly file_type?: Extract<DocumentAsked['type'], string> | null | undefined;
  readonly data?: string | null | undefined;
}): DocumentAsked | undefined {
  const { file_url: url, file_type, data } = body;
  const type = file_type === null || file_type === undefined ? {} : { type: file_type };
  if (typeof url === 'string') return { url, ...type };
  return typeof data === 'string' ? { upload: { bytes: Buffer.from(data, 'base64') }, ...type } : undefined;
}

const wishOf = ({ principal, requestId, signal, tell, trace }: Circumstances, route: string): Wish => ({
  caller: callerOf(principal as Principal),
  requestId,
  route,
  signal,
  ...(tell !== undefined && { tell }),
  ...(trace !== undefined && { trace }),
});

const answerOf = <T, Shown>(made: Result<Made<T>>, show: (value: T) => Shown): Answer<Shown> =>
  made.ok
    ? { ok: true, value: show(made.value.value), headers: { 'x-patchbay-cache': made.value.cache } }
    : refused(operationFailureOf(made.failure));

/** Pictures that the gateway serves itself are named by a path alone. */
const absolute = <Url extends string | null>(url: Url, origin: string): Url | string =>
  url?.startsWith('/') === true ? `${origin}${url}` : url;
