import { failed, invalidRequest, ok, type Result } from '../model/failure.ts';
import type { JsonObject } from '../model/json.ts';
import type { MediaPart } from '../model/part.ts';
import { NO_USAGE, tokenCount, type Usage } from '../model/usage.ts';
import { arrayOf, objectOf, textOf } from '../wire/read.ts';
import type { CallOptions } from './call-options.ts';
import type { ClientContext } from './context.ts';
import { LlmError } from './llm-error.ts';
import { plainFacts, type PlainFacts } from './plain-facts.ts';
import { notUnderstood, postJson, renamed } from './post-json.ts';
import type { Attempt } from './run-call.ts';
import { runPlainCall } from './run-plain-call.ts';

/** A picture that is wanted. */
export interface ImageAsk {
  readonly model: string | readonly string[];
  readonly prompt: string;
  /** How many. Default: one. */
  readonly count?: number;
  /** The provider's own word, e.g. `1024x1024`. */
  readonly size?: string;
  readonly quality?: string;
  /** What only this provider's images have, by its own names, e.g. `background`. */
  readonly extras?: JsonObject;
}

/** The pictures, by bytes or by address as the provider gives them. */
export interface GeneratedImages extends PlainFacts {
  readonly images: readonly MediaPart[];
}

interface Drawn {
  readonly images: readonly MediaPart[];
  readonly usage: Usage | undefined;
}

/** Asks for pictures. Throws `LlmError`. */
export async function generateImage(
  client: ClientContext,
  ask: ImageAsk,
  options: CallOptions,
): Promise<GeneratedImages> {
  if (typeof ask.prompt !== 'string' || ask.prompt === '')
    throw new LlmError(invalidRequest('prompt', 'Say in `prompt` what the picture shows.'));
  const { value, record } = await runPlainCall<Drawn>(client, {
    operation: 'image',
    models: typeof ask.model === 'string' ? [ask.model] : ask.model,
    options,
    perform: (attempt) => draw(client, attempt, ask),
    usageOf: ({ usage }) => usage,
  });
  return { images: value.images, ...(await plainFacts(record, value.usage)) };
}

async function draw(client: ClientContext, attempt: Attempt, ask: ImageAsk): Promise<Result<Drawn>> {
  const { provider, target } = attempt;
  const served = provider.serves?.['images/generations'];
  if (served === undefined)
    return failed({
      kind: 'not-found',
      path: 'model',
      message: `${provider.name} makes no pictures at an address of its own.`,
    });
  const { prompt, count, size, quality, extras } = ask;
  const body = renamed({ ...extras, model: target.model, prompt, n: count, size, quality }, served.renames?.asked);
  const sent = await postJson(client, attempt, { path: served.path, body });
  if (!sent.ok) return sent;
  const answer = renamed(objectOf(sent.value) ?? {}, served.renames?.answered);
  const mediaType = `image/${textOf(answer['output_format']) ?? 'png'}`;
  const images = arrayOf(answer['data']).flatMap((row): readonly MediaPart[] => {
    const { b64_json: bytes, url } = objectOf(row) ?? {};
    if (typeof bytes === 'string') return [{ type: 'media', mediaType, source: { kind: 'base64', data: bytes } }];
    return typeof url === 'string' ? [{ type: 'media', mediaType, source: { kind: 'url', url } }] : [];
  });
  return images.length === 0 ? notUnderstood('a picture') : ok({ images, usage: usageIn(answer) });
}

function usageIn(answer: JsonObject): Usage | undefined {
  const usage = objectOf(answer['usage']);
  if (usage === undefined) return undefined;
  return {
    ...NO_USAGE,
    inputTokens: tokenCount(usage['input_tokens']),
    outputTokens: tokenCount(usage['output_tokens']),
  };
}
