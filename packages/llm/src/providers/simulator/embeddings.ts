import { failed, invalidRequest, ok, type Failure, type Result } from '../../model/failure.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import { decodeEmbeddings, encodeEmbeddings } from '../../wire/gemini/embeddings.ts';
import { isObject, numberOf, textOf } from '../../wire/read.ts';
import { WIRE_FORMATS } from '../../wire/registry.ts';

/** Texts whose vectors are asked for, and how the answer is written. */
export interface VectorsAsked {
  readonly model: string;
  readonly texts: readonly string[];
  readonly write: () => JsonObject;
}

/** A dialect in which vectors are asked for. */
export interface VectorsPlace {
  /** Writes a refusal the way this dialect does. */
  readonly refuse: (failure: Failure) => JsonObject;
  readonly read: (body: Json) => Result<VectorsAsked>;
}

/** The dialect of vectors at a path, told from others of the same path by the model that is asked. */
export function vectorsAt(path: string, body: Json): VectorsPlace | undefined {
  const [, model, verb] = /\/models\/([^?]+):(embedContent|batchEmbedContents)$/.exec(path) ?? [];
  if (model !== undefined) return google(decodeURIComponent(model), verb === 'batchEmbedContents');
  if (!path.endsWith('/embeddings')) return undefined;
  return isObject(body) && textOf(body['model'])?.startsWith('voyage-') === true ? VOYAGE : OPENAI;
}

const google = (model: string, isBatch: boolean): VectorsPlace => ({
  refuse: (failure) => WIRE_FORMATS.gemini.encodeFailure(failure).body,
  read(body) {
    const asked = decodeEmbeddings(body, isBatch);
    if (!asked.ok) return asked;
    const { texts, dimensions } = asked.value;
    return ok({ model, texts, write: () => encodeEmbeddings(vectorsOf(texts, dimensions), isBatch) });
  },
});

const OPENAI: VectorsPlace = {
  refuse: (failure) => WIRE_FORMATS['openai-chat'].encodeFailure(failure).body,
  read: (body) => {
    const asked = readTexts(body);
    if (!asked.ok) return asked;
    const { texts, object } = asked.value;
    return listOf(object, texts, {
      dimensions: numberOf(object['dimensions']),
      usage: (tokens) => ({ prompt_tokens: tokens, total_tokens: tokens }),
    });
  },
};

/** What Voyage knows of a request; it refuses everything else. https://docs.voyageai.com/reference/embeddings-api */
const VOYAGE_MEMBERS = new Set([
  'input',
  'model',
  'input_type',
  'truncation',
  'output_dimension',
  'output_dtype',
  'encoding_format',
]);

const VOYAGE: VectorsPlace = {
  refuse: ({ message }) => ({ detail: message }),
  read: (body) => {
    const asked = readTexts(body);
    if (!asked.ok) return asked;
    const { texts, object } = asked.value;
    const unknown = Object.keys(object).find((name) => !VOYAGE_MEMBERS.has(name));
    if (unknown !== undefined) return failed(invalidRequest(unknown, `Argument '${unknown}' is not supported.`));
    const format = object['encoding_format'] ?? 'base64';
    if (format !== 'base64')
      return failed(invalidRequest('encoding_format', "Argument 'encoding_format' takes 'base64' or nothing."));
    return listOf(object, texts, {
      dimensions: numberOf(object['output_dimension']),
      usage: (tokens) => ({ total_tokens: tokens }),
    });
  },
};

interface Texts {
  readonly object: JsonObject;
  readonly texts: readonly string[];
}

function readTexts(body: Json): Result<Texts> {
  if (!isObject(body)) return failed(invalidRequest('body', 'The body must be a JSON object.'));
  const { input } = body;
  const texts =
    typeof input === 'string' ? [input] : Array.isArray(input) ? (input as readonly Json[]).map(asText) : [];
  if (textOf(body['model']) === undefined) return failed(invalidRequest('model', '`model` must be a string.'));
  if (texts.length === 0 || texts.includes(''))
    return failed(invalidRequest('input', '`input` must be a text or a list of texts, none of them empty.'));
  return ok({ object: body, texts });
}

/** Tokens by number, which OpenAI takes as well, count as the text of their numbers. */
const asText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

interface ListShape {
  readonly dimensions: number | undefined;
  readonly usage: (tokens: number) => JsonObject;
}

function listOf(object: JsonObject, texts: readonly string[], { dimensions, usage }: ListShape): Result<VectorsAsked> {
  const model = textOf(object['model']) ?? '';
  const isBase64 = object['encoding_format'] === 'base64';
  const write = (): JsonObject => ({
    object: 'list',
    data: vectorsOf(texts, dimensions).map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: isBase64 ? base64Of(vector) : vector,
    })),
    model,
    usage: usage(texts.reduce((sum, text) => sum + Math.ceil(text.length / CHARACTERS_PER_TOKEN), 0)),
  });
  return ok({ model, texts, write });
}

const CHARACTERS_PER_TOKEN = 4;
/** Length of a vector, in numbers, where none is asked for. */
const DIMENSIONS = 256;

const vectorsOf = (texts: readonly string[], dimensions = DIMENSIONS): readonly (readonly number[])[] =>
  texts.map((text) => vectorOf(text, dimensions));

/**
 * A vector of length one that depends on the text alone. Every word adds to one number of it, so that texts with words in
 * common are near each other.
 */
function vectorOf(text: string, dimensions: number): readonly number[] {
  const vector = Array.from({ length: dimensions }, () => 0);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [text]) {
    const at = hashOf(word) % dimensions;
    vector[at] = (vector[at] ?? 0) + 1;
  }
  const length = Math.hypot(...vector);
  return vector.map((each) => Math.fround(each / length));
}

/** FNV-1a. */
function hashOf(word: string): number {
  let hash = 0x811c_9dc5;
  for (const character of word) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x0100_0193);
  return hash >>> 0;
}

/** Numbers of four bytes, the lowest byte first, as OpenAI's clients read them. */
function base64Of(vector: readonly number[]): string {
  const view = new DataView(new ArrayBuffer(vector.length * 4));
  for (const [at, each] of vector.entries()) view.setFloat32(at * 4, each, true);
  return btoa(Array.from(new Uint8Array(view.buffer), (byte) => String.fromCharCode(byte)).join(''));
}
