import { Secret } from '@patchbay/llm/credentials/secret';

import type { ReadSetting } from './management-settings.ts';

/** Providers that write decks without being named as a model, the first choice first. */
export const DECK_WRITERS = ['openai', 'openrouter', 'together'] as const;
/** One of them. */
export type DeckWriter = (typeof DECK_WRITERS)[number];

/** How a model is asked to write; what is absent is not sent. */
export interface WritingSettings {
  readonly model: string;
  readonly temperature?: number;
  readonly maxOutputTokens?: number;
  readonly topP?: number;
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
}

/** Where pictures are kept. */
export type BlobSettings =
  | { readonly kind: 'local'; readonly folder?: string }
  | { readonly kind: 'supabase'; readonly url: string; readonly key: Secret; readonly bucket: string }
  | {
      readonly kind: 's3';
      readonly endpoint: string;
      readonly bucket: string;
      readonly region: string;
      readonly accessKeyId: string;
      readonly secretAccessKey: Secret;
      readonly publicUrl?: string;
    };

/** One thing for each kind of what is made. */
export interface ByEndpoint<T> {
  readonly outline: T;
  readonly slides: T;
  readonly images: T;
}

/** What concerns the making of decks. */
export interface GenerationSettings {
  /** Who writes, where no model is named (`DEFAULT_LLM_PROVIDER`). Absent: the first that has an account. */
  readonly writer?: DeckWriter;
  readonly writers: Readonly<Record<DeckWriter, WritingSettings>>;
  /** Models that go before all others (`OUTLINE_GENERATION_MODEL_PRESET` and its like). */
  readonly presets: Partial<ByEndpoint<string>>;
  /** Model at Together that draws (`TOGETHER_IMAGE_MODEL`). */
  readonly imageModel: string;
  /** Prompts in the place of our own. */
  readonly templates: Partial<ByEndpoint<string>>;
  /** Requests by address and minute; 0 for any number. */
  readonly perMinute: ByEndpoint<number>;
  readonly cache: { readonly ttlMs: number; readonly bytesMax: number };
  readonly blobs: BlobSettings;
  /** What documents may take that decks are made from (`DOCUMENTS_…`). */
  readonly documents: {
    readonly bytesMax: number;
    readonly fetchTimeoutMs: number;
    readonly readTimeoutMs: number;
    readonly atOnce: number;
  };
  /** How long the file of a deck lies at its link, in milliseconds. Default one day (`GENERATION_DECK_TTL`). */
  readonly decksKeptMs: number;
}

/** When calls of models are answered from memory. */
export interface ResponseCacheSettings {
  /** Whether those of keys are that do not say themselves (`CACHE_RESPONSES`). */
  readonly isOn: boolean;
  /** Models for which answers are kept, by name or with a `*` at the end. Empty: all (`CACHE_RESPONSES_MODELS`). */
  readonly models: readonly string[];
  readonly ttlMs: number;
  readonly bytesMax: number;
  readonly temperatureMax: number;
}

/** Reads the settings of the generation; without `RATE_LIMIT_ENABLED` its requests are not counted. */
export function readGeneration(get: ReadSetting, problems: string[]): GenerationSettings {
  const writer = get('DEFAULT_LLM_PROVIDER');
  const isLimited = get('RATE_LIMIT_ENABLED');
  const [outline, slides, images] = [get('RATE_LIMIT_OUTLINE'), get('RATE_LIMIT_SLIDES'), get('RATE_LIMIT_IMAGES')];
  return {
    ...(writer !== undefined && { writer }),
    writers: readWriters(get),
    presets: present({
      outline: get('OUTLINE_GENERATION_MODEL_PRESET'),
      slides: get('SLIDE_GENERATION_MODEL_PRESET'),
      images: get('IMAGE_GENERATION_MODEL_PRESET'),
    }),
    imageModel: get('TOGETHER_IMAGE_MODEL'),
    templates: present({
      outline: get('OUTLINE_GENERATOR_PROMPT_TEMPLATE'),
      slides: get('SLIDE_GENERATOR_PROMPT_TEMPLATE'),
      images: get('IMAGE_GENERATOR_PROMPT_TEMPLATE'),
    }),
    perMinute: isLimited ? { outline, slides, images } : { outline: 0, slides: 0, images: 0 },
    cache: { ttlMs: get('GENERATION_CACHE_TTL') * 1000, bytesMax: get('GENERATION_CACHE_BYTES') },
    blobs: readBlobs(get, problems),
    documents: {
      bytesMax: get('DOCUMENTS_MAX_BYTES'),
      fetchTimeoutMs: get('DOCUMENTS_FETCH_TIMEOUT') * 1000,
      readTimeoutMs: get('DOCUMENTS_READ_TIMEOUT') * 1000,
      atOnce: get('DOCUMENTS_AT_ONCE'),
    },
    decksKeptMs: get('GENERATION_DECK_TTL') * 1000,
  };
}

/** Reads when calls are answered from memory. */
export function readResponseCache(get: ReadSetting): ResponseCacheSettings {
  const [isOn, models, ttlS, bytesMax, temperatureMax] = [
    get('CACHE_RESPONSES'),
    get('CACHE_RESPONSES_MODELS'),
    get('CACHE_RESPONSES_TTL'),
    get('CACHE_RESPONSES_BYTES'),
    get('CACHE_RESPONSES_MAX_TEMPERATURE'),
  ];
  return { isOn, models, ttlMs: ttlS * 1000, bytesMax, temperatureMax };
}

/** The members that are there. */
const present = <Members extends object>(members: Members): { [Name in keyof Members]?: NonNullable<Members[Name]> } =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never;

const readWriters = (get: ReadSetting): GenerationSettings['writers'] => ({
  openai: {
    model: get('OPENAI_MODEL'),
    ...present({
      temperature: get('OPENAI_TEMPERATURE'),
      maxOutputTokens: get('OPENAI_MAX_TOKENS'),
      topP: get('OPENAI_TOP_P'),
      frequencyPenalty: get('OPENAI_FREQUENCY_PENALTY'),
      presencePenalty: get('OPENAI_PRESENCE_PENALTY'),
    }),
  },
  openrouter: { model: get('OPENROUTER_TEXT_MODEL'), ...present({ temperature: get('OPENROUTER_TEMPERATURE') }) },
  together: { model: get('TOGETHER_MODEL'), ...present({ temperature: get('TOGETHER_TEMPERATURE') }) },
});

/** A server that is named goes before the folder; one that is named by half is a mistake. */
function readBlobs(get: ReadSetting, problems: string[]): BlobSettings {
  const [url, key, supabaseBucket] = [get('SUPABASE_URL'), get('SUPABASE_SERVICE_KEY'), get('SUPABASE_STORAGE_BUCKET')];
  const [endpoint, bucket, region] = [get('S3_ENDPOINT'), get('S3_BUCKET'), get('S3_REGION')];
  const [accessKeyId, secretKey, publicUrl] = [
    get('S3_ACCESS_KEY_ID'),
    get('S3_SECRET_ACCESS_KEY'),
    get('S3_PUBLIC_URL'),
  ];
  const folder = get('STATIC_DIR');
  if (url !== undefined && key !== undefined)
    return { kind: 'supabase', url, key: new Secret(key), bucket: supabaseBucket };
  if (url !== undefined) problems.push('SUPABASE_SERVICE_KEY is needed with SUPABASE_URL.');
  if (endpoint !== undefined && bucket !== undefined && accessKeyId !== undefined && secretKey !== undefined) {
    const account = { accessKeyId, secretAccessKey: new Secret(secretKey) };
    return { kind: 's3', endpoint, bucket, region, ...account, ...(publicUrl !== undefined && { publicUrl }) };
  }
  if (endpoint !== undefined)
    problems.push('S3_BUCKET, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY are needed with S3_ENDPOINT.');
  return { kind: 'local', ...(folder !== undefined && { folder }) };
}
