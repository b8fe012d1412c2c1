import { failed, invalidRequest, ok, type Failure, type Result } from '../model/failure.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { NO_USAGE, tokenCount, type Usage } from '../model/usage.ts';
import type { ProviderRecord } from '../providers/define-provider.ts';
import { pathOf } from '../providers/path-of.ts';
import { estimateTextTokens } from '../tools/estimate-tokens.ts';
import { arrayOf, numberOf, objectOf } from '../wire/read.ts';
import type { CallOptions } from './call-options.ts';
import type { ClientContext } from './context.ts';
import { LlmError } from './llm-error.ts';
import { plainFacts, type PlainFacts } from './plain-facts.ts';
import { notUnderstood, postJson, renamed } from './post-json.ts';
import type { Attempt } from './run-call.ts';
import { runPlainCall } from './run-plain-call.ts';

/** Texts whose vectors are wanted. */
export interface EmbedAsk {
  /** `provider/model`. Vectors of different models do not compare: there are no fallbacks unless you name some. */
  readonly model: string;
  readonly values: string | readonly string[];
  /** Length of each vector, in numbers. Default: the model's own. */
  readonly dimensions?: number;
}

/** One vector for each text, in their order. */
export interface Embedded extends PlainFacts {
  readonly embeddings: readonly (readonly number[])[];
}

/** Asks for vectors of texts. Throws `LlmError`. */
export async function embed(client: ClientContext, ask: EmbedAsk, options: CallOptions): Promise<Embedded> {
  const texts = typeof ask.values === 'string' ? [ask.values] : ask.values;
  if (texts.length === 0) throw new LlmError(invalidRequest('values', 'Give at least one text in `values`.'));
  const { value, record } = await runPlainCall<Vectors>(client, {
    operation: 'embed',
    models: [ask.model],
    options,
    tokens: texts.reduce((sum, text) => sum + estimateTextTokens(text), 0),
    perform: (attempt) => fetchVectors(client, attempt, { texts, dimensions: ask.dimensions }),
    usageOf: ({ usage }) => usage,
  });
  return { embeddings: value.vectors, ...(await plainFacts(record, value.usage)) };
}

interface Vectors {
  readonly vectors: readonly (readonly number[])[];
  readonly usage: Usage | undefined;
}

interface Wanted {
  readonly texts: readonly string[];
  readonly dimensions: number | undefined;
}

async function fetchVectors(client: ClientContext, attempt: Attempt, wanted: Wanted): Promise<Result<Vectors>> {
  const { provider, target } = attempt;
  const served = provider.serves?.embeddings;
  if (served !== undefined) {
    const body = renamed(
      // Numbers are what everyone answers with; Voyage refuses to be asked for them.
      { model: target.model, input: [...wanted.texts], dimensions: wanted.dimensions },
      served.renames?.asked,
    );
    const sent = await postJson(client, attempt, { path: served.path, body });
    return sent.ok ? readVectors(renamed(objectOf(sent.value) ?? {}, served.renames?.answered), wanted) : sent;
  }
  const own = provider.speaks.find(({ format, path }) => format === 'gemini' && path === GOOGLE_PATH);
  if (own === undefined) return failed(withoutVectors(provider));
  const path = pathOf({ path: '/models/{model}:batchEmbedContents' }, target.model, 'answer');
  const sent = await postJson(client, attempt, { path, body: googleBody(target.model, wanted) });
  return sent.ok ? readGoogleVectors(sent.value, wanted) : sent;
}

/** Google's own API alone has vectors beside it; its other hosts have addresses of their own. */
const GOOGLE_PATH = '/models/{model}:generateContent';

const withoutVectors = ({ name }: ProviderRecord): Failure => ({
  kind: 'not-found',
  path: 'model',
  message: `${name} serves no vectors of texts.`,
});

function readVectors(answer: JsonObject, { texts }: Wanted): Result<Vectors> {
  const rows = arrayOf(answer['data']).map((row, at) => {
    const { index, embedding } = objectOf(row) ?? {};
    return { index: numberOf(index) ?? at, vector: numbersOf(embedding) };
  });
  const vectors = rows.sort((a, b) => a.index - b.index).map(({ vector }) => vector);
  if (vectors.length !== texts.length || vectors.some((each) => each.length === 0))
    return notUnderstood('a vector for each text');
  const usage = objectOf(answer['usage']);
  const inputTokens = tokenCount(usage?.['prompt_tokens'] ?? usage?.['total_tokens']);
  return ok({ vectors, usage: usage === undefined ? undefined : { ...NO_USAGE, inputTokens } });
}

const googleBody = (model: string, { texts, dimensions }: Wanted): JsonObject => ({
  requests: texts.map((text) => ({
    model: `models/${model}`,
    content: { parts: [{ text }] },
    outputDimensionality: dimensions,
  })),
});

function readGoogleVectors(answer: Json, { texts }: Wanted): Result<Vectors> {
  const vectors = arrayOf(objectOf(answer)?.['embeddings']).map((each) => numbersOf(objectOf(each)?.['values']));
  if (vectors.length !== texts.length || vectors.some((each) => each.length === 0))
    return notUnderstood('a vector for each text');
  return ok({ vectors, usage: undefined });
}

const numbersOf = (value: Json | undefined): readonly number[] =>
  arrayOf(value).filter((each): each is number => typeof each === 'number');
