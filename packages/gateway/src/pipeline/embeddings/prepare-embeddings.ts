import { failed, ok, type Failure, type Result } from '@patchbay/llm/model/failure';
import type { JsonObject } from '@patchbay/llm/model/json';
import type { Speaks } from '@patchbay/llm/providers/define-provider';
import { pathOf } from '@patchbay/llm/providers/path-of';
import { decodeEmbeddings, encodeEmbeddings, withEmbeddingModel } from '@patchbay/llm/wire/gemini/embeddings';
import { arrayOf, isObject, objectOf, parseJson } from '@patchbay/llm/wire/read';
import { WIRE_FORMATS, type ServedFormatId } from '@patchbay/llm/wire/registry';

import { readRefusal } from '../../relay/refusal-body.ts';
import type { Speech, WholeAnswer } from '../../relay/speech.ts';
import { attemptHeaders } from '../attempt-headers.ts';
import type { AttemptPlan, Prepared } from '../attempt-plan.ts';
import type { Call } from '../call.ts';
import { renameMembers } from '../endpoints/rename-members.ts';
import { servedBody } from '../endpoints/served-body.ts';
import { recodeVector } from '../endpoints/vector-encoding.ts';
import { estimateTokens } from '../estimate-tokens.ts';
import { strictRefusal } from '../prepare-translation.ts';
import { wholeSpeech } from './whole-speech.ts';

/** True for a call that asks for vectors in Gemini's dialect. */
export const asksForVectors = ({ operation }: Call): boolean => operation === 'embed' || operation === 'embed-batch';

/** Google's own verbs, by what is asked. */
const VERBS = { embed: 'embedContent', 'embed-batch': 'batchEmbedContents' } as const;
const AS_CHAT: Speaks = { format: 'openai-chat', path: '' };

/** Makes one attempt's request for vectors: in Google's words where they are understood, else in OpenAI's. */
export function prepareEmbeddings(plan: AttemptPlan): Result<Prepared> {
  const { call, runtime } = plan;
  const json = call.json ?? objectOf(parseJson(call.body.toString())) ?? {};
  const own = runtime.record.speaks?.find(
    (speaks) => speaks.format === 'gemini' && speaks.dialect?.project === undefined,
  );
  return own === undefined ? prepareTranslated(plan, json) : ok(prepareOwn(plan, own, json));
}

const isBatch = ({ operation }: Call): boolean => operation === 'embed-batch';

function prepareOwn(plan: AttemptPlan, speaks: Speaks, json: JsonObject): Prepared {
  const { call, runtime, model } = plan;
  const verb = VERBS[isBatch(call) ? 'embed-batch' : 'embed'];
  const path = pathOf({ ...speaks, path: speaks.path.replace(/:generateContent$/, `:${verb}`) }, model, 'answer');
  return {
    request: {
      method: 'POST',
      url: runtime.baseUrl + path + call.query,
      headers: attemptHeaders(plan, speaks),
      body: JSON.stringify(withEmbeddingModel(json, model, isBatch(call))),
    },
    speech: wholeSpeech({
      express: true,
      inputTokensEstimate: estimateTokens(call.body.length),
      whole: (bytes) => ({ ok: true, bytes, reshaped: false, usage: undefined, losses: [] }),
      failure: failureIn('gemini'),
    }),
    losses: [],
  };
}

function prepareTranslated(plan: AttemptPlan, json: JsonObject): Result<Prepared> {
  const { call, runtime, model } = plan;
  const served = runtime.record.serves?.embeddings;
  if (served === undefined) return failed(withoutVectors(plan));
  const asked = decodeEmbeddings(json, isBatch(call));
  if (!asked.ok) return asked;
  const { texts, dimensions, losses } = asked.value;
  const refused = call.strict ? strictRefusal(runtime, losses) : undefined;
  if (refused !== undefined) return failed(refused);
  const body = { model, input: texts, ...(dimensions !== undefined && { dimensions }), encoding_format: 'float' };
  const bytes = Buffer.from(JSON.stringify(body));
  return ok({
    request: {
      method: 'POST',
      url: runtime.baseUrl + served.path,
      headers: attemptHeaders(plan, AS_CHAT),
      body: servedBody(bytes, served),
    },
    speech: wholeSpeech({
      express: false,
      inputTokensEstimate: estimateTokens(call.body.length),
      whole: (bytes) => told(renameMembers(bytes, served.renames?.answered ?? {}), texts.length, isBatch(call)),
      failure: failureIn('openai-chat'),
    }),
    losses,
  });
}

const withoutVectors = ({ runtime }: AttemptPlan): Failure => ({
  kind: 'not-found',
  path: 'model',
  message: `${runtime.record.name} does not serve embeddings.`,
});

const failureIn =
  (format: ServedFormatId): Speech['failure'] =>
  (status, body, headers) =>
    readRefusal(WIRE_FORMATS[format], status, body, headers);

const NO_VECTORS: Failure = { kind: 'protocol', message: 'The provider’s answer has not one vector for every text.' };

/** An answer in OpenAI's shape, told in Google's. */
function told(bytes: Buffer, count: number, batch: boolean): WholeAnswer {
  const answer = parseJson(bytes.toString());
  const rows = isObject(answer) ? arrayOf(answer['data']).filter(isObject) : [];
  const vectors: (readonly number[] | undefined)[] = Array.from({ length: count }, () => undefined);
  for (const [at, row] of rows.entries()) vectors[indexOf(row, at)] = vectorOf(row);
  const whole = vectors.filter((vector) => vector !== undefined);
  if (!isObject(answer) || whole.length !== count || vectors.length !== count)
    return { ok: false, failure: NO_VECTORS };
  const usage =
    answer['usage'] === undefined ? undefined : WIRE_FORMATS['openai-chat'].decodeUsage(answer['usage'], {});
  return { ok: true, bytes: JSON.stringify(encodeEmbeddings(whole, batch)), reshaped: true, usage, losses: [] };
}

const indexOf = ({ index }: JsonObject, at: number): number =>
  typeof index === 'number' && Number.isInteger(index) && index >= 0 ? index : at;

/** Some answer in base64 whatever they are asked for. */
function vectorOf({ embedding }: JsonObject): readonly number[] | undefined {
  const list = typeof embedding === 'string' ? parseJson(recodeVector(JSON.stringify(embedding)) ?? '') : embedding;
  return Array.isArray(list) && list.every((value) => typeof value === 'number') ? list : undefined;
}
