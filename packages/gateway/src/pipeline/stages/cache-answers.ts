import { createHash } from 'node:crypto';

import type { JsonObject } from '@patchbay/llm/model/json';
import { objectOf, parseJson } from '@patchbay/llm/wire/read';

import type { ResponseCacheSettings } from '../../config/generation-settings.ts';
import type { AnswerCache } from '../../coordination/answer-cache.ts';
import { RecordingSink } from '../../relay/recording-sink.ts';
import { isListed } from '../allowed-models.ts';
import type { Call } from '../call.ts';
import type { Outcome, Stage } from '../stage.ts';

/** Which calls are answered from memory. */
export type AnswerPolicy = Pick<ResponseCacheSettings, 'isOn' | 'models' | 'temperatureMax'>;

/** Headers that change what a request means. */
const MEANING_HEADERS = ['anthropic-beta', 'anthropic-version', 'openai-beta', 'x-patchbay-strict'] as const;
/** Longest answer that is kept, in bytes. */
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;
/** Name under which all answers can be cleared. */
export const ANSWERS_GROUP = 'responses';
/** What every API takes where a request does not say its temperature. */
const USUAL_TEMPERATURE = 1;

/**
 * Answers from memory what the same key asked before in the very same words, streamed or not; such an answer costs nothing
 * and counts for no limit. Only calls of keys and models that the policy allows and that are cold enough are kept, only whole
 * and good answers, and none of a caller who says `cache-control: no-store`.
 */
export const cacheAnswers =
  (cache: AnswerCache, policy: AnswerPolicy): Stage =>
  (call, next) => {
    const { json } = call;
    return json === undefined || !mayBeKept(call, json, policy) ? next(call) : answerFrom(cache, call, json, next);
  };

async function answerFrom(
  cache: AnswerCache,
  call: Call,
  json: JsonObject,
  next: (call: Call) => Promise<Outcome>,
): Promise<Outcome> {
  const { client, record } = call;
  const key = keyOf(call, json);
  const before = keptIn(cache.get(key));
  record.trace?.step('cache', { hit: before !== undefined });
  client.add({ 'x-patchbay-cache': before === undefined ? 'miss' : 'hit' });
  if (before !== undefined) {
    const length = call.stream ? {} : { 'content-length': Buffer.byteLength(before.text) };
    client.start(200, { 'content-type': before.type, ...length });
    client.end(before.text);
    return { kind: 'answered', fromCache: true };
  }
  const recording = new RecordingSink(client, ANSWER_BYTES_MAX);
  const outcome = await next({ ...call, client: recording });
  const isGood = outcome.kind === 'answered' && record.attempts.at(-1)?.state === 'success';
  const { recorded } = recording;
  if (isGood && recorded !== undefined) cache.set(ANSWERS_GROUP, key, JSON.stringify(recorded));
  return outcome;
}

function mayBeKept(
  { operation, thread, account, headers, caller, model }: Call,
  json: JsonObject,
  { isOn, models, temperatureMax }: AnswerPolicy,
): boolean {
  if (!(caller.cacheAnswers ?? isOn) || (models.length > 0 && !isListed(models, model))) return false;
  if (operation !== 'generate' || thread !== undefined || account !== undefined) return false;
  if (/\bno-(?:store|cache)\b/i.test(headers['cache-control'] ?? '')) return false;
  const said = json['temperature'] ?? objectOf(json['generationConfig'])?.['temperature'];
  return (typeof said === 'number' ? said : USUAL_TEMPERATURE) <= temperatureMax;
}

/** The same for the same question alone: of this key, in this dialect, with everything that it says. */
function keyOf({ caller, clientFormat, model, stream, query, headers }: Call, json: JsonObject): string {
  const meaning = MEANING_HEADERS.map((name) => headers[name] ?? null);
  const question = [caller.keyId, caller.models ?? null, clientFormat, model, stream, query, meaning, json];
  return createHash('sha256').update(JSON.stringify(question)).digest('hex');
}

function keptIn(text: string | undefined): { readonly type: string; readonly text: string } | undefined {
  const kept = text === undefined ? undefined : objectOf(parseJson(text));
  const { type, text: answer } = kept ?? {};
  return typeof type === 'string' && typeof answer === 'string' ? { type, text: answer } : undefined;
}
