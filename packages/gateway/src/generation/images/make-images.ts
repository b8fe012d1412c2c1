import type { SlideContent } from '@patchbay/contract/resources/generation';
import { failed, ok, type Failure, type Result } from '@patchbay/llm/model/failure';
import type { GenerationRequest } from '@patchbay/llm/model/request';

import type { BlobEnding, BlobStore } from '../../blobs/blob-store.ts';
import { textOf, type AskingParts } from '../ask-for-object.ts';
import type { ChosenModel } from '../choose-model.ts';
import { inParallel } from '../in-parallel.ts';
import type { ModelCall, Wish } from '../ports.ts';
import { textsIn } from '../slides/shape.ts';
import { draw, type DrawParts } from './draw.ts';
import { imagePrompt, needsNoPicture, plainImagePrompt } from './prompt.ts';

export interface ImageParts extends AskingParts, DrawParts {
  readonly blobs: Pick<BlobStore, 'put' | 'url'>;
  /** The type of a picture by its bytes; `undefined` where it is none. */
  readonly endingOf: (bytes: Uint8Array) => BlobEnding | undefined;
  /** Eight hexadecimal digits. */
  readonly newSuffix: () => string;
  readonly template?: string;
}

/** A slide that may get a picture; whatever else it has comes back as it was. */
export interface PicturedSlide {
  readonly title: string;
  readonly content?: SlideContent | null | undefined;
  readonly [name: string]: unknown;
}

/** How it went with one slide. */
export interface SlideImage {
  readonly image_url: string | null;
  readonly image_status: 'generated' | 'skipped' | 'error';
  readonly prompt?: string;
  readonly error?: string;
}

/** Pictures that are made at a time for one request. */
const AT_ONCE = 4;

/** Has a picture made for each slide that needs one. A picture that could not be made says why in its place. */
export async function makeImages(
  parts: ImageParts,
  asked: {
    readonly slides: readonly PicturedSlide[];
    /** Who draws. */
    readonly artist: string;
    /** Who describes what is to be drawn; absent where nobody can. */
    readonly writer: ChosenModel | undefined;
  },
  wish: Wish,
): Promise<Result<{ readonly status: 'success' | 'error'; readonly slides: readonly (PicturedSlide & SlideImage)[] }>> {
  const { slides } = asked;
  let done = 0;
  const made = await inParallel(slides, AT_ONCE, async (slide, at) => {
    const image = wish.signal.aborted ? failedImage(CANCELLED) : await imageFor(parts, asked, { slide, at }, wish);
    done += 1;
    wish.tell?.({ event: 'item', data: { index: at, item: { title: slide.title, ...image } } });
    wish.tell?.({ event: 'progress', data: { stage: 'drawing', done, total: slides.length } });
    return { ...slide, ...image };
  });
  if (wish.signal.aborted) return failed(CANCELLED);
  return ok({ status: made.some((each) => each.image_status === 'error') ? 'error' : 'success', slides: made });
}

interface Placed {
  readonly slide: PicturedSlide;
  readonly at: number;
}

async function imageFor(
  parts: ImageParts,
  { artist, writer }: { readonly artist: string; readonly writer: ChosenModel | undefined },
  { slide, at }: Placed,
  wish: Wish,
): Promise<SlideImage> {
  const { title } = slide;
  const content = textsIn(slide.content ?? '').join(' ');
  if (needsNoPicture(title, content)) return { image_url: null, image_status: 'skipped' };
  const { tell: _, ...call } = wish;
  const described = writer === undefined ? undefined : await describe(parts, writer, { title, content }, call);
  const prompt = described ?? plainImagePrompt(title);
  const drawn = await draw(parts, { artist, prompt }, call);
  if (!drawn.ok) return failedImage(drawn.failure, prompt);
  const ending = parts.endingOf(drawn.value);
  if (ending === undefined) return failedImage(NO_PICTURE, prompt);
  const name = `slide_${at + 1}_${stamp(parts.clock.nowMs())}_${parts.newSuffix()}.${ending}`;
  const kept = await parts.blobs.put(name, drawn.value);
  if (!kept.ok) return failedImage(kept.failure, prompt);
  return { image_url: parts.blobs.url(name), image_status: 'generated', prompt };
}

/** Longest description, in tokens and in characters. */
const DESCRIPTION_TOKENS_MAX = 300;
const DESCRIPTION_CHARS_MAX = 1500;

/** What is to be seen, in words of a model; `undefined` where it did not say. */
async function describe(
  { models, lastPrompts, clock, template }: ImageParts,
  { address, sampling }: ChosenModel,
  slide: { readonly title: string; readonly content: string },
  call: ModelCall,
): Promise<string | undefined> {
  const { system, prompt } = imagePrompt(slide.title, slide.content, template);
  const request: GenerationRequest = {
    ...sampling,
    model: address,
    maxOutputTokens: DESCRIPTION_TOKENS_MAX,
    messages: [
      { role: 'system', audience: 'system', content: [{ type: 'text', text: system }] },
      { role: 'user', content: [{ type: 'text', text: prompt }] },
    ],
    stream: false,
    streamUsage: false,
  };
  const messages = request.messages.map(({ role, content }) => ({ role, content: textOf(content) }));
  const kept = { requestId: call.requestId, model: address, messages, askedAtMs: clock.nowMs() };
  lastPrompts.record('images', kept);
  const answer = await models.chat(request, call);
  const said = answer.ok ? textOf(answer.value.content) : answer.failure.message;
  lastPrompts.record('images', { ...kept, answeredAtMs: clock.nowMs(), answer: said });
  return answer.ok ? said.trim().slice(0, DESCRIPTION_CHARS_MAX) || undefined : undefined;
}

const failedImage = ({ message }: Failure, prompt?: string): SlideImage => ({
  image_url: null,
  image_status: 'error',
  ...(prompt !== undefined && { prompt }),
  error: message,
});

const CANCELLED: Failure = { kind: 'cancelled', message: 'The client left before the pictures were made.' };
const NO_PICTURE: Failure = {
  kind: 'protocol',
  message:
    'What the provider drew is no PNG, JPEG, WebP or GIF. Choose another model in IMAGE_GENERATION_MODEL_PRESET.',
};

/** `20261121_093000`, in UTC. */
const stamp = (nowMs: number): string =>
  new Date(nowMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '_');
