import type { Extras } from '../../model/extras.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import { arrayOf, isObject, joined, numberOf, objectOf, unknownMembers } from '../read.ts';
import { usageRest } from './usage.ts';

const TOP = new Set(['candidates', 'usageMetadata', 'modelVersion', 'responseId']);
const CANDIDATE = new Set(['content', 'finishReason', 'index']);
const CONTENT = new Set(['role', 'parts']);

/** Members of a candidate that streams give in pieces; each piece holds lists that continue those before it. */
const GROWING = new Set(['citationMetadata', 'logprobsResult']);

/** The candidate that is the answer: the one numbered 0. */
export const candidateOf = (body: JsonObject): JsonObject | undefined =>
  arrayOf(body['candidates'])
    .filter(isObject)
    .find((each) => (numberOf(each['index']) ?? 0) === 0);

/**
 * Gathers what an answer says beside the model's own members, over all its chunks: of the answer, of its `candidate`
 * (grounding, citations, log probabilities, ratings), of `usageMetadata`. The latest of a name counts.
 */
export class AnswerExtras {
  readonly #top = new Map<string, Json | undefined>();
  readonly #candidate = new Map<string, Json | undefined>();
  readonly #pieces = new Map<string, JsonObject[]>();
  #usage: JsonObject | undefined;

  hear(body: JsonObject, candidate: JsonObject | undefined): void {
    for (const [name, value] of Object.entries(unknownMembers(body, TOP) ?? {})) this.#top.set(name, value);
    if (body['usageMetadata'] !== undefined) this.#usage = usageRest(body['usageMetadata']);
    if (candidate === undefined) return;
    for (const [name, value] of Object.entries(unknownMembers(candidate, CANDIDATE) ?? {})) {
      if (GROWING.has(name) && isObject(value)) this.#grow(name, value);
      else this.#candidate.set(name, value);
    }
    const rest = unknownMembers(objectOf(candidate['content']) ?? {}, CONTENT);
    if (rest !== undefined) this.#candidate.set('content', rest);
  }

  #grow(name: string, piece: JsonObject): void {
    const pieces = this.#pieces.get(name);
    if (pieces === undefined) this.#pieces.set(name, [piece]);
    else pieces.push(piece);
  }

  /** Everything heard; absent when there was nothing. `more` joins the members of the answer. */
  extras(more: JsonObject = {}): { readonly extras?: Extras } {
    const candidate = Object.fromEntries(this.#candidate);
    for (const [name, pieces] of this.#pieces) candidate[name] = whole(pieces);
    const all = {
      ...Object.fromEntries(this.#top),
      ...more,
      ...(Object.keys(candidate).length > 0 && { candidate }),
      ...(this.#usage !== undefined && { usageMetadata: this.#usage }),
    };
    return Object.keys(all).length > 0 ? { extras: { gemini: all } } : {};
  }
}

/** Lists make one list; of other members the latest counts. */
function whole(pieces: readonly JsonObject[]): JsonObject {
  const all: Record<string, Json | undefined> = Object.assign({}, ...pieces);
  const names = new Set(pieces.flatMap((piece) => Object.keys(piece).filter((name) => Array.isArray(piece[name]))));
  for (const name of names) all[name] = pieces.flatMap((piece) => arrayOf(piece[name]));
  return all;
}

/** What an answer or its last chunk says beside its parts. */
export interface Ending {
  readonly finishReason: string;
  readonly usageMetadata: JsonObject | undefined;
  readonly extras: JsonObject | undefined;
  /** Who answered, and under which id. */
  readonly named: JsonObject;
  /** Whether the answer has any part, here or in an earlier chunk. */
  readonly said: boolean;
}

/** An answer with these parts; a prompt that was blocked has no candidate to tell of. */
export function answerOf(parts: readonly Json[], ending: Ending): JsonObject {
  const { finishReason, usageMetadata, named } = ending;
  const { candidate, candidates, usageMetadata: _, ...rest } = ending.extras ?? {};
  const isBlocked = !ending.said && objectOf(rest['promptFeedback'])?.['blockReason'] !== undefined;
  const first = joined({ content: { parts, role: 'model' }, finishReason, index: 0 }, objectOf(candidate));
  return {
    ...(!isBlocked && { candidates: [first, ...arrayOf(candidates)] }),
    ...(usageMetadata !== undefined && { usageMetadata }),
    ...named,
    ...rest,
  };
}

/** The members that name an answer, as far as they are known. */
export const nameOfAnswer = (id: string, model: string, createdAtMs: number): JsonObject => ({
  ...(model !== '' && { modelVersion: model }),
  ...(createdAtMs > 0 && { createTime: new Date(createdAtMs).toISOString() }),
  ...(id !== '' && { responseId: id }),
});
