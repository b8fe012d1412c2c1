import { anyText, baseUrl, decimal, flag, modelList, oneOf, span, wholeNumber } from './readers.ts';
import { rule, secret } from './setting-rule.ts';

const perMinute = wholeNumber(0, 1_000_000_000);
const tokens = wholeNumber(1, 1_000_000);
const MEBIBYTE = 1_048_576;

/** Settings of what makes decks, and of where its pictures are kept. */
export const GENERATION_RULES = {
  DEFAULT_LLM_PROVIDER: rule<'openai' | 'openrouter' | 'together' | undefined>(
    oneOf('openai', 'openrouter', 'together'),
    undefined,
    'Who writes decks; default: the first of openai, openrouter and together that has an account.',
  ),
  OPENAI_MODEL: rule(anyText, 'gpt-4.1-mini', 'Model of OpenAI that writes decks.'),
  OPENAI_TEMPERATURE: rule<number | undefined>(decimal(0, 2), undefined, 'Its temperature; default 0.7.'),
  OPENAI_MAX_TOKENS: rule<number | undefined>(
    tokens,
    undefined,
    'Longest answer it may give, in tokens; default 4000.',
  ),
  OPENAI_TOP_P: rule<number | undefined>(decimal(0, 1), undefined, 'Its top_p, where it is to be sent.'),
  OPENAI_FREQUENCY_PENALTY: rule<number | undefined>(decimal(-2, 2), undefined, 'Its frequency penalty.'),
  OPENAI_PRESENCE_PENALTY: rule<number | undefined>(decimal(-2, 2), undefined, 'Its presence penalty.'),
  OPENROUTER_TEXT_MODEL: rule(anyText, 'meta-llama/llama-4-maverick:free', 'Model at OpenRouter that writes decks.'),
  OPENROUTER_TEMPERATURE: rule<number | undefined>(decimal(0, 2), undefined, 'Its temperature; default 0.7.'),
  TOGETHER_MODEL: rule(anyText, 'meta-llama/Llama-3.3-70B-Instruct-Turbo', 'Model at Together that writes decks.'),
  TOGETHER_TEMPERATURE: rule<number | undefined>(decimal(0, 2), undefined, 'Its temperature; default 0.7.'),
  TOGETHER_IMAGE_MODEL: rule(anyText, 'black-forest-labs/FLUX.1-schnell-Free', 'Model at Together that draws.'),
  TOGETHER_EMBEDDING_MODEL: rule(
    anyText,
    'togethercomputer/m2-bert-80M-8k-retrieval',
    'Model at Together for vectors; reserved.',
  ),
  OUTLINE_GENERATION_MODEL_PRESET: rule<string | undefined>(
    anyText,
    undefined,
    'Model that writes outlines, before all others: provider/model, or a name of MODEL_ALIASES.',
  ),
  SLIDE_GENERATION_MODEL_PRESET: rule<string | undefined>(anyText, undefined, 'The same for slides.'),
  IMAGE_GENERATION_MODEL_PRESET: rule<string | undefined>(anyText, undefined, 'The same for pictures.'),
  OUTLINE_GENERATOR_PROMPT_TEMPLATE: rule<string | undefined>(
    anyText,
    undefined,
    'Prompt of outlines, with {topic}, {n_slides}, {instructional_level}, {lang} and {document}.',
  ),
  SLIDE_GENERATOR_PROMPT_TEMPLATE: rule<string | undefined>(
    anyText,
    undefined,
    'Prompt of slides, with {topic}, {slides_titles}, {instructional_level} and {lang}.',
  ),
  IMAGE_GENERATOR_PROMPT_TEMPLATE: rule<string | undefined>(
    anyText,
    undefined,
    'Prompt that asks for the prompt of a picture, with {title} and {content}.',
  ),
  GENERATION_CACHE_TTL: rule(
    span(0, 2_592_000),
    3600,
    'How long what was made is given again to the same question: seconds, or 15m, 1h; 0 for never.',
  ),
  GENERATION_CACHE_BYTES: rule(wholeNumber(0, 1_073_741_824), 32 * MEBIBYTE, 'Most memory that it may take.'),
  DOCUMENTS_MAX_BYTES: rule(
    wholeNumber(100_000, 1_000_000_000),
    20_000_000,
    'Largest document that a deck is made from, in bytes, fetched or sent along.',
  ),
  DOCUMENTS_FETCH_TIMEOUT: rule(span(1, 600), 30, 'Longest time for fetching one: seconds, or 2m.'),
  DOCUMENTS_READ_TIMEOUT: rule(span(1, 600), 20, 'Longest time for reading one: seconds, or 2m.'),
  DOCUMENTS_AT_ONCE: rule(
    wholeNumber(1, 64),
    2,
    'Documents that are read at the same time; others wait for their turn.',
  ),
  GENERATION_DECK_TTL: rule(
    span(60, 2_592_000),
    86_400,
    'How long a deck that was made event by event lies at its link: seconds, or 15m, 1h.',
  ),
  CACHE_RESPONSES: rule(
    flag,
    false,
    'Whether calls of models are answered from memory where the same key asked the very same before; a key may say otherwise.',
  ),
  CACHE_RESPONSES_MODELS: rule(
    modelList,
    [] as readonly string[],
    'Models whose answers are kept, by name or with a * at the end: openai/gpt-*,fast; default: all.',
  ),
  CACHE_RESPONSES_TTL: rule(span(1, 2_592_000), 300, 'How long such an answer is kept: seconds, or 15m, 1h.'),
  CACHE_RESPONSES_BYTES: rule(wholeNumber(0, 1_073_741_824), 64 * MEBIBYTE, 'Most memory that answers may take.'),
  CACHE_RESPONSES_MAX_TEMPERATURE: rule(
    decimal(0, 2),
    0,
    'Highest temperature of calls that are; one that does not say its temperature has 1.',
  ),
  STATIC_DIR: rule<string | undefined>(
    anyText,
    undefined,
    'Folder of pictures that are served at /static; default: static in DATA_DIR.',
  ),
  SUPABASE_URL: rule<string | undefined>(baseUrl, undefined, 'Supabase project that keeps pictures instead.'),
  SUPABASE_SERVICE_KEY: secret(1, 'Key that may write there.'),
  SUPABASE_STORAGE_BUCKET: rule(anyText, 'slide-images', 'Its bucket; it must be public.'),
  S3_ENDPOINT: rule<string | undefined>(
    baseUrl,
    undefined,
    'S3-compatible server that keeps pictures instead, e.g. https://s3.eu-central-1.amazonaws.com.',
  ),
  S3_BUCKET: rule<string | undefined>(anyText, undefined, 'Its bucket.'),
  S3_REGION: rule(anyText, 'us-east-1', 'Its region.'),
  S3_ACCESS_KEY_ID: rule<string | undefined>(anyText, undefined, 'Account that may write there.'),
  S3_SECRET_ACCESS_KEY: secret(1, 'Its secret.'),
  S3_PUBLIC_URL: rule<string | undefined>(
    baseUrl,
    undefined,
    'Where browsers read what lies there; default: the bucket itself.',
  ),
  RATE_LIMIT_OUTLINE: rule(perMinute, 10, 'Outlines by address and minute; 0 for any number.'),
  RATE_LIMIT_SLIDES: rule(perMinute, 10, 'Decks by address and minute; 0 for any number.'),
  RATE_LIMIT_IMAGES: rule(perMinute, 5, 'Requests for pictures by address and minute; 0 for any number.'),
} as const;
