import type { FinishedSlide, Slide, SlideContent } from '@patchbay/contract/resources/generation';
import { ok, type Result } from '@patchbay/llm/model/failure';

import type { DocumentAsked } from '../documents/document.ts';
import type { Generation } from '../generation.ts';
import type { OutlineAsk } from '../outline/prompt.ts';
import type { Wish } from '../ports.ts';
import type { Deck, DeckFormat, DeckSlide } from './deck.ts';
import { getPictures, type PictureSources } from './get-pictures.ts';
import { makeDeck, type MadeDeck } from './make-deck.ts';

export interface FinishingParts extends PictureSources {
  readonly generation: Generation;
}

/** What every deck is asked with. */
interface FileAsked {
  readonly format: DeckFormat;
  /** Title of the file, where it shall not be told by the rest. */
  readonly title?: string | undefined;
}

/** A deck that is to be written first. */
export interface TopicDeck extends FileAsked, OutlineAsk {
  readonly document?: DocumentAsked;
  /** Model that writes. */
  readonly model?: string | undefined;
  /** Whether pictures are drawn. */
  readonly isPictured: boolean;
}

/** A deck of slides that there are already. */
export interface GivenDeck extends FileAsked {
  readonly slides: readonly FinishedSlide[];
  readonly lang: string;
  /** Where the caller reached this gateway. */
  readonly origin: string;
}

/** A deck as a file, and what it lacks. */
export interface FinishedDeck extends MadeDeck {
  /** Numbers, from 1, of slides that should have a picture and have none. */
  readonly unpictured: readonly number[];
}

/** Who wants a file of what there is already. */
export type FileWish = Pick<Wish, 'signal' | 'tell' | 'requestId'>;

/** Makes whole decks as files. Whoever listens hears each step begin and end, and in between what it tells itself. */
export interface Decks {
  /**
   * Has the deck written, drawn where that is wanted, and made a file. A picture that could not be drawn, or that the
   * kind of file cannot have, is missing: the rest was paid for.
   */
  fromTopic(asked: TopicDeck, wish: Wish): Promise<Result<FinishedDeck>>;
  /** Makes a file of given slides, without any model. A picture that cannot be had is a failure: the caller named it. */
  fromSlides(asked: GivenDeck, wish: FileWish): Promise<Result<FinishedDeck>>;
}

/** Puts the parts together. */
export const createDecks = (parts: FinishingParts): Decks => ({
  async fromTopic({ format, title, isPictured, model, count, document, ...asked }, wish) {
    const { topic, lang } = asked;
    const about = { ...asked, count, model, ...(document !== undefined && { document }) };
    const outline = await inStep(wish, {
      step: 'outline',
      take: (each) => parts.generation.outline(about, each),
      made: ({ value }) => value,
    });
    if (!outline.ok) return outline;
    const titled = { ...asked, model, titles: outline.value.value.outlines };
    const written = await inStep(wish, {
      step: 'slides',
      take: (each) => parts.generation.slides(titled, each),
      made: ({ value }) => value,
    });
    if (!written.ok) return written;
    const { slides } = written.value.value;
    const drawn = isPictured ? await draw(parts, slides, format, wish) : ok({ slides, unpictured: [] });
    if (!drawn.ok) return drawn;
    const { unpictured } = drawn.value;
    const deck = { title: title ?? topic, lang, slides: drawn.value.slides };
    return finished(deck, { format, unpictured }, wish);
  },
  async fromSlides({ format, title, slides, lang, origin }, wish) {
    const urls = slides.map(({ image_url: url }) => (url === null || url === '' ? undefined : url));
    const pictures = await getPictures(parts, { urls, origin }, wish.signal);
    const made: DeckSlide[] = [];
    for (const [at, slide] of slides.entries()) {
      const picture = pictures[at];
      if (picture?.ok === false) return picture;
      made.push({ ...shown(slide), ...(picture !== undefined && { picture: picture.value }) });
    }
    const deck = { title: title ?? slides[0]?.title ?? '', lang, slides: made };
    return finished(deck, { format, unpictured: [] }, wish);
  },
});

type Finish = Pick<FinishedDeck, 'unpictured'> & { readonly format: DeckFormat };

async function finished(deck: Deck, { format, unpictured }: Finish, wish: FileWish): Promise<Result<FinishedDeck>> {
  const made = await inStep(wish, {
    step: 'rendering',
    take: ({ tell, requestId }) => {
      tell?.({ event: 'started', data: { format, total: deck.slides.length, request_id: requestId } });
      return Promise.resolve(makeDeck(deck, format));
    },
    made: () => ({}),
  });
  return made.ok ? ok({ ...made.value, unpictured }) : made;
}

interface Step<Own extends FileWish, Value> {
  readonly step: 'outline' | 'slides' | 'images' | 'rendering';
  readonly take: (wish: Own) => Promise<Result<Value>>;
  /** What its end tells besides: all that was made in it. */
  readonly made: (value: Value) => object;
}

/**
 * Takes a step of a deck; what is told in it names the step. Its end is told where it went well, with all that was made:
 * single items are told while they come, unchecked, and none of what was made before.
 */
async function inStep<Own extends FileWish, Value>(
  wish: Own,
  { step, take, made: shown }: Step<Own, Value>,
): Promise<Result<Value>> {
  const { tell } = wish;
  if (tell === undefined) return take(wish);
  const made = await take({ ...wish, tell: ({ event, data }) => tell({ event, data: { step, ...data } }) });
  if (made.ok) tell({ event: 'progress', data: { ...shown(made.value), step, stage: 'done' } });
  return made;
}

async function draw(
  parts: FinishingParts,
  slides: readonly Slide[],
  format: DeckFormat,
  wish: Wish,
): Promise<Result<Pick<Deck, 'slides'> & Pick<FinishedDeck, 'unpictured'>>> {
  const asked = slides.map((slide) => ({ ...slide }));
  const drawn = await inStep(wish, {
    step: 'images',
    take: (each) => parts.generation.images({ slides: asked, model: undefined }, each),
    made: ({ value }) => value,
  });
  if (!drawn.ok) return drawn;
  const images = drawn.value.value.slides;
  const urls = images.map(({ image_url: url }) => url ?? undefined);
  const pictures = await getPictures(parts, { urls, origin: '' }, wish.signal);
  const unpictured: number[] = [];
  const made = slides.map((slide, at): DeckSlide => {
    const picture = pictures[at];
    const isFit = picture?.ok === true && !(format === 'pptx' && picture.value.type === 'webp');
    if (isFit) return { ...slide, picture: picture.value };
    if (images[at]?.image_status !== 'skipped') unpictured.push(at + 1);
    return slide;
  });
  return ok({ slides: made, unpictured });
}

/** A given slide with its template: the one that its content fits where it names none. */
function shown({ title, template, content, notes }: FinishedSlide): Slide {
  const there = content ?? '';
  return {
    title,
    template: template ?? templateOf(there),
    content: there,
    ...(typeof notes === 'string' && notes !== '' && { notes }),
  };
}

function templateOf(content: SlideContent): Slide['template'] {
  if (typeof content === 'string') return content === '' ? 'sectionHeader' : 'titleAndBody';
  return Array.isArray(content) ? 'titleAndBullets' : 'twoColumn';
}
