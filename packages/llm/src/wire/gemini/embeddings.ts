import type { Result } from '../../model/failure.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Loss } from '../codec.ts';
import { arrayOf, objectOf, unknownMembers } from '../read.ts';
import { decodeBody, Refusal, required, wanted } from '../refusal.ts';
import { listOf } from './decode-messages.ts';
import { spelled } from './spelling.ts';

/** Texts whose vectors are asked for. */
export interface EmbeddingsRequest {
  readonly texts: readonly string[];
  /** Length of each vector, in numbers; absent where that is the model's to decide. */
  readonly dimensions: number | undefined;
  /** What no other provider has a place for. */
  readonly losses: readonly Loss[];
}

/** Reads a body of `embedContent` or, where `isBatch`, of `batchEmbedContents`. */
export const decodeEmbeddings = (body: Json, isBatch: boolean): Result<EmbeddingsRequest> =>
  decodeBody(body, (object) => decode(object, isBatch));

const MEMBERS = new Set(['model', 'content', 'outputDimensionality', 'taskType', 'title']);

function decode(body: JsonObject, isBatch: boolean): EmbeddingsRequest {
  const requests = isBatch ? listOf(body['requests'], 'requests') : [body];
  if (requests.length === 0) throw new Refusal('requests', 'a list of at least one request');
  const losses: Loss[] = [];
  const read = requests.map((request, index) => decodeOne(request, isBatch ? `requests[${index}]` : '', losses));
  const [first] = read;
  if (read.some(({ dimensions }) => dimensions !== first?.dimensions))
    throw new Refusal(
      'requests',
      'requests with the same `outputDimensionality`, because this model is asked for all at once',
    );
  return { texts: read.map(({ text }) => text), dimensions: first?.dimensions, losses };
}

function decodeOne(
  wire: JsonObject,
  path: string,
  losses: Loss[],
): { readonly text: string; readonly dimensions: number | undefined } {
  const request = spelled(wire, MEMBERS);
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
  for (const name of ['taskType', 'title']) {
    if (wanted(request, name, 'string', at(name)) === undefined) continue;
    losses.push({ path: at(name), what: 'what a vector is for', instead: 'dropped' });
  }
  for (const name of Object.keys(unknownMembers(request, MEMBERS) ?? {}))
    losses.push({ path: at(name), what: `Gemini’s \`${name}\``, instead: 'dropped' });
  const dimensions = wanted(request, 'outputDimensionality', 'number', at('outputDimensionality')) as
    | number
    | undefined;
  const content = objectOf(wanted(request, 'content', 'object', at('content')));
  if (content === undefined) throw new Refusal(at('content'), 'an object with `parts`');
  return { text: textOf(content, at('content'), losses), dimensions };
}

/** The words of a content; what is no text has no place elsewhere. */
function textOf({ parts }: JsonObject, path: string, losses: Loss[]): string {
  const texts = listOf(parts, `${path}.parts`).map((part, index) => required(part, 'text', `${path}.parts[${index}]`));
  if (texts.length === 0) throw new Refusal(`${path}.parts`, 'a list of at least one part');
  if (texts.length > 1)
    losses.push({ path: `${path}.parts`, what: 'parts of a text, joined', instead: 'approximated' });
  return texts.join('\n');
}

/** Writes vectors as the answer to one request or to a batch of them. */
export function encodeEmbeddings(vectors: readonly (readonly number[])[], isBatch: boolean): JsonObject {
  const embeddings = vectors.map((values) => ({ values }));
  return isBatch ? { embeddings } : { embedding: embeddings[0] ?? { values: [] } };
}

/** The body with the provider's name for the model wherever Google wants it. */
export function withEmbeddingModel(body: JsonObject, model: string, isBatch: boolean): JsonObject {
  const name = `models/${model}`;
  const named = (request: Json): Json => ({ ...objectOf(request), model: name });
  if (isBatch) return { ...body, requests: arrayOf(body['requests']).map(named) };
  return body['model'] === undefined ? body : { ...body, model: name };
}
