import type { CallOptions } from '../../client/call-options.ts';
import type { Client } from '../../client/client-of.ts';
import { invalidRequest, type Failure } from '../../model/failure.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { GenerationRequest } from '../../model/request.ts';
import type { ServedFormatId } from '../../wire/registry.ts';
import { numberOf, objectOf } from '../../wire/read.ts';

/** How each dialect says how many tokens a request has. */
const COUNTED: Readonly<Record<ServedFormatId, (inputTokens: number) => JsonObject>> = {
  'openai-chat': (inputTokens) => ({ input_tokens: inputTokens }),
  'openai-responses': (inputTokens) => ({ object: 'response.input_tokens', input_tokens: inputTokens }),
  'anthropic-messages': (inputTokens) => ({ input_tokens: inputTokens }),
  gemini: (inputTokens) => ({ totalTokens: inputTokens }),
};

/** A body that is to be counted, as one that could be answered: two dialects word it otherwise. */
export function countable(format: ServedFormatId, body: Json): Json {
  const object = objectOf(body);
  if (format === 'gemini') return objectOf(object?.['generateContentRequest']) ?? body;
  return format === 'anthropic-messages' && object !== undefined ? { max_tokens: 1, ...object } : body;
}

/** Counts the tokens of a request at its first target. Throws `LlmError`. */
export async function counted(
  client: Client,
  format: ServedFormatId,
  { request, options }: { readonly request: GenerationRequest; readonly options: CallOptions },
): Promise<JsonObject> {
  const { inputTokens } = await client.countTokens(request, options);
  return COUNTED[format](inputTokens);
}

/** Texts whose vectors are asked for in OpenAI's dialect; a failure says what is wrong with them. */
export interface AskedVectors {
  readonly model: string;
  readonly values: readonly string[];
  readonly dimensions?: number;
  /** True where vectors are wanted as base64 of little-endian 32-bit numbers, as the SDK wants them by itself. */
  readonly base64: boolean;
}

/** Reads a request for vectors. */
export function askedVectors(body: Json): AskedVectors | Failure {
  const { model, input, dimensions, encoding_format: encoding } = objectOf(body) ?? {};
  if (typeof model !== 'string') return invalidRequest('model', '`model` must be a string.');
  const values = typeof input === 'string' ? [input] : input;
  if (!isTexts(values)) return invalidRequest('input', '`input` must be text or a list of texts.');
  const length = numberOf(dimensions);
  return { model, values, base64: encoding === 'base64', ...(length !== undefined && { dimensions: length }) };
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string');

/** Asks for vectors of the target `model`, in OpenAI's shape. Throws `LlmError`. */
export async function embedded(
  client: Client,
  { model, values, dimensions, base64 }: AskedVectors,
  options: CallOptions,
): Promise<JsonObject> {
  const answer = await client.embed({ model, values, ...(dimensions !== undefined && { dimensions }) }, options);
  const tokens = answer.usage?.inputTokens ?? 0;
  return {
    object: 'list',
    data: answer.embeddings.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: base64 ? base64Of(vector) : vector,
    })),
    model: answer.model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

const BYTES_A_NUMBER = 4;

function base64Of(vector: readonly number[]): string {
  const view = new DataView(new ArrayBuffer(vector.length * BYTES_A_NUMBER));
  for (const [at, value] of vector.entries()) view.setFloat32(at * BYTES_A_NUMBER, value, true);
  let binary = '';
  for (const byte of new Uint8Array(view.buffer)) binary += String.fromCharCode(byte);
  return btoa(binary);
}
