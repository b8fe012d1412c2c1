import * as z from 'zod/mini';

import { Timestamp } from './page.ts';

/** For whom a deck is made. */
export const INSTRUCTIONAL_LEVELS = ['beginner', 'intermediate', 'advanced'] as const;

/** How a slide is laid out. */
export const SLIDE_TEMPLATES = ['sectionHeader', 'titleAndBody', 'titleAndBullets', 'twoColumn'] as const;

/** Kinds of documents that an outline can be made from. */
export const REFERENCE_TYPES = ['pdf', 'docx', 'pptx', 'txt', 'csv', 'md', 'html'] as const;

const Topic = z.string().check(z.trim(), z.minLength(1), z.maxLength(2000));
const Level = z._default(z.enum(INSTRUCTIONAL_LEVELS), 'intermediate');
/** A language by its tag: `en`, `pt-BR`, `zh-Hant`. */
const Lang = z
  ._default(z.string(), 'en')
  .check(z.refine((tag) => isLanguage(tag), 'must be the tag of a language such as `en`, `de` or `pt-BR`'));
/** `provider/model`, or a name of MODEL_ALIASES. Absent: what the settings choose. */
const Model = z.optional(z.string().check(z.minLength(1), z.maxLength(256)));

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

/** Titles wanted, 1 to 50. */
const SlideCount = z.int().check(z.minimum(1), z.maximum(50));

const Reference = {
  file_url: z.optional(z.nullable(z.url({ protocol: /^https?$/ }))),
  file_type: z.optional(z.nullable(z.enum(REFERENCE_TYPES))),
  /** The document itself in base64, in the place of its address. */
  data: z.optional(z.nullable(z.base64())),
};

interface ReferenceRead {
  readonly file_url?: string | null | undefined;
  readonly file_type?: string | null | undefined;
  readonly data?: string | null | undefined;
}

const REFERENCE_CHECKS = [
  z.refine<ReferenceRead>(({ file_url: url, file_type: type }) => !isThere(url) || isThere(type), {
    path: ['file_type'],
    message: 'must be given together with `file_url`',
  }),
  z.refine<ReferenceRead>(({ file_url: url, data, file_type: type }) => !isThere(type) || isThere(url ?? data), {
    path: ['file_url'],
    message: 'must be given together with `file_type`',
  }),
  z.refine<ReferenceRead>(({ file_url: url, data }) => !isThere(url) || !isThere(data), {
    path: ['data'],
    message: 'must not be given beside `file_url`',
  }),
] as const;

/** What an outline is made of. A document by its address, or as the bytes of a form’s `file` or of `data` in base64. */
export const CreateOutline = z
  .object({ topic: Topic, n_slides: SlideCount, instructional_level: Level, ...Reference, lang: Lang, model: Model })
  .check(...REFERENCE_CHECKS);

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** A part of a document that an outline was made from. */
export const Citation = z.object({
  id: z.string(),
  /** Page or slide of the document, from 1; absent where it has none. */
  page: z.optional(z.int()),
});

/** Titles of a deck, as many as were asked for; citations where there was a document. */
export const Outline = z.object({
  outlines: z.array(z.string()),
  citations: z.optional(z.array(Citation)),
});

/** What slides are made of. */
export const CreateSlides = z.object({
  slides_titles: z
    .array(z.string().check(z.trim(), z.minLength(1), z.maxLength(500)))
    .check(z.minLength(1), z.maxLength(50)),
  topic: Topic,
  instructional_level: Level,
  lang: Lang,
  model: Model,
});

/** What stands under a title: a text, a list, or two columns. */
export const SlideContent = z.union([
  z.string(),
  z.array(z.string()),
  z.object({
    leftColumn: z.union([z.string(), z.array(z.string())]),
    rightColumn: z.union([z.string(), z.array(z.string())]),
  }),
]);

/** One slide. */
export const Slide = z.object({
  title: z.string(),
  template: z.enum(SLIDE_TEMPLATES),
  content: SlideContent,
  /** What the speaker says. */
  notes: z.optional(z.string()),
});

/** The slides of a deck, in the order of their titles. */
export const Slides = z.object({ slides: z.array(Slide) });

/** What pictures are made for. Other members of a slide come back as they were. */
export const CreateImages = z.object({
  slides: z
    .array(
      z.looseObject({
        title: z.string().check(z.maxLength(500)),
        content: z.optional(z.nullable(SlideContent)),
      }),
    )
    .check(z.minLength(1), z.maxLength(50)),
  /** Model that draws. */
  model: Model,
});

/** How it went with one picture: `skipped` are slides that need none, such as summaries. */
export const IMAGE_STATUSES = ['generated', 'skipped', 'error'] as const;

/** The slides with their pictures, in their order; `error` where any picture could not be made. */
export const Images = z.object({
  status: z.enum(['success', 'error']),
  slides: z.array(
    z.looseObject({
      title: z.string(),
      image_url: z.nullable(z.string()),
      image_status: z.enum(IMAGE_STATUSES),
      /** What the picture was asked by. */
      prompt: z.optional(z.string()),
      /** Why there is none. */
      error: z.optional(z.string()),
    }),
  ),
});

/** Kinds of files that a deck can be made as. */
export const DECK_FORMATS = ['pptx', 'html'] as const;

/** A slide of a finished deck. What `/v1/generate/images` answers fits; members besides these are not shown. */
export const FinishedSlide = z.looseObject({
  title: z.string().check(z.maxLength(500)),
  /** Absent: what fits the content. */
  template: z.optional(z.enum(SLIDE_TEMPLATES)),
  content: z.optional(z.nullable(SlideContent)),
  notes: z.optional(z.nullable(z.string())),
  /** Address of a picture; one of this gateway’s own may be its path alone. */
  image_url: z.optional(z.nullable(z.string().check(z.maxLength(4096)))),
});

/** What a deck is made of: a topic, about which everything is written, or slides that there are already. */
export const CreateDeck = z
  .object({
    format: z.enum(DECK_FORMATS),
    topic: z.optional(Topic),
    n_slides: z.optional(SlideCount),
    instructional_level: Level,
    ...Reference,
    /** Whether pictures are drawn, too. */
    images: z._default(z.boolean(), false),
    slides: z.optional(z.array(FinishedSlide).check(z.minLength(1), z.maxLength(50))),
    /** Title of the file. Absent: the topic, or the title of the first slide. */
    title: z.optional(z.string().check(z.trim(), z.minLength(1), z.maxLength(500))),
    lang: Lang,
    /** Model that writes. */
    model: Model,
  })
  .check(
    ...REFERENCE_CHECKS,
    z.refine(({ topic, slides }) => isThere(topic) || isThere(slides), {
      path: ['topic'],
      message: 'must be given, or `slides` in its place',
    }),
    z.refine(({ topic, slides }) => !isThere(topic) || !isThere(slides), {
      path: ['slides'],
      message: 'must not be given beside `topic`: slides are either written or given',
    }),
    z.refine(({ topic, n_slides: count }) => !isThere(topic) || isThere(count), {
      path: ['n_slides'],
      message: 'must be given together with `topic`',
    }),
    z.refine(({ slides, file_url: url, data }) => !isThere(slides) || (!isThere(url) && !isThere(data)), {
      path: ['slides'],
      message: 'must not be given beside a document: nothing is written about it',
    }),
    z.refine(({ slides, images }) => !isThere(slides) || !images, {
      path: ['images'],
      message: 'must not be true beside `slides`: have them drawn by /v1/generate/images first',
    }),
  );

/** Where a deck lies whose making was told event by event: what its last event says. */
export const DeckLink = z.object({
  /** Whoever has the address may fetch the file, until it is removed. */
  url: z.string(),
  file_name: z.string(),
  content_type: z.string(),
  bytes: z.int(),
  expires_at: Timestamp,
  /** Numbers, from 1, of slides whose pictures could not be drawn. */
  missing_pictures: z.array(z.int()),
});

/** What `CreateDeck` reads. */
export type CreateDeck = z.output<typeof CreateDeck>;
/** What `DeckLink` reads. */
export type DeckLink = z.output<typeof DeckLink>;
/** What `FinishedSlide` reads. */
export type FinishedSlide = z.output<typeof FinishedSlide>;
/** What `Outline` reads. */
export type Outline = z.output<typeof Outline>;
/** What `Slide` reads. */
export type Slide = z.output<typeof Slide>;
/** What `SlideContent` reads. */
export type SlideContent = z.output<typeof SlideContent>;
/** What `Images` reads. */
export type Images = z.output<typeof Images>;
