import { schemeFor, type Credential } from '@patchbay/llm/credentials/credential';
import type { Failure } from '@patchbay/llm/model/failure';
import type { GenerationRequest } from '@patchbay/llm/model/request';
import type { ProviderRecord, Speaks } from '@patchbay/llm/providers/define-provider';
import { pathOf } from '@patchbay/llm/providers/path-of';
import { readModelList, type OfferedModel } from '@patchbay/llm/providers/read-model-list';
import type { UpstreamRequest } from '@patchbay/llm/transport/exchange';
import type { UpstreamCodec } from '@patchbay/llm/wire/codec';
import { isObject, parseJson } from '@patchbay/llm/wire/read';
import { UPSTREAM_FORMATS } from '@patchbay/llm/wire/registry';

import type { WholeResponse } from '../../relay/fetch-whole.ts';
import type { Upstream } from '../../relay/upstream.ts';
import type { Found } from './phases.ts';
import type { ProberParts } from './prober.ts';

/** What is tried. */
export interface Subject {
  readonly record: ProviderRecord;
  readonly credential: Credential;
  /** The way out of its account, where that is not the direct one. */
  readonly way?: Upstream;
  /** Capabilities that its row claims. */
  readonly claimed: Readonly<Record<string, unknown>>;
  /** Models that rows name. */
  readonly named: readonly string[];
  /** Where to ask instead of for the list of models; appended to the base URL. */
  readonly testPath?: string;
}

/** What came of the question for models. */
export interface Asked {
  readonly http: Found<unknown>;
  readonly auth: Found<true>;
  readonly model: Found<true>;
  /** Absent where the provider has no list or did not give it. */
  readonly models: readonly OfferedModel[] | undefined;
}

type Codec = UpstreamCodec<Speaks['dialect'] & object>;

const UNASKED: Found<true> = { ok: false, finding: 'Not tried, because the step before failed.' };

/** Asks for the list of models, which costs nothing and tells at once whether the account is known. */
export async function askForModels(parts: ProberParts, subject: Subject): Promise<Asked> {
  const { record, testPath } = subject;
  const path = testPath ?? record.models?.listPath;
  if (path === undefined) return withoutList(record);
  const answer = await send(parts, subject, { method: 'GET', url: record.baseUrl + path, headers: {} });
  if (!answer.ok) return { http: answer, auth: UNASKED, model: UNASKED, models: undefined };
  const { status, body } = answer.value;
  const http: Found<unknown> = { ok: true, finding: `Answers HTTP, with status ${status}.`, value: status };
  if (status === 200) return listed(http, body);
  const failure = refusalOf(subject, answer.value);
  const finding = `${record.name} refuses the list of models (${status}): ${failure.message}`;
  // Servers without a list still tell strangers from friends.
  if (status === 404 || status === 405) {
    const auth: Found<true> = { ok: true, finding: 'The account was not refused.', value: true };
    return {
      http,
      auth,
      model: { ok: true, finding: `There is no list of models at ${path}.`, value: true },
      models: undefined,
    };
  }
  return { http, auth: { ok: false, finding, failure }, model: UNASKED, models: undefined };
}

/** A web page that somebody put there answers 200 too. */
const isList = (said: unknown): boolean =>
  Array.isArray(said) || (isObject(said) && [said['data'], said['models']].some((each) => Array.isArray(each)));

function listed(http: Found<unknown>, body: Buffer): Asked {
  const said = parseJson(body.toString());
  const models = isList(said) ? readModelList(said) : undefined;
  const auth: Found<true> = { ok: true, finding: 'The account is accepted.', value: true };
  if (models === undefined)
    return {
      http,
      auth,
      model: { ok: false, finding: 'The answer is no list of models. Check the endpoint’s path.' },
      models,
    };
  return { http, auth, model: { ok: true, finding: `Lists ${models.length} models.`, value: true }, models };
}

function withoutList({ name }: ProviderRecord): Asked {
  const finding = `${name} has no list of models to ask for; the test of a model tells whether the account is accepted.`;
  const unknown: Found<true> = { ok: true, finding, value: true };
  return { http: unknown, auth: unknown, model: unknown, models: undefined };
}

/** Tokens that a tiny call may cost; reasoning models need some before the first word. */
const TINY_TOKENS = 64;

/** Makes one call of a few tokens; finds what the model showed of itself. */
export async function callTiny(
  parts: ProberParts,
  subject: Subject,
  model: string,
): Promise<Found<Readonly<Record<string, unknown>>>> {
  const { record } = subject;
  const [speaks] = record.speaks;
  if (speaks === undefined) return { ok: false, finding: `${record.name} has no chats.` };
  const codec: Codec = UPSTREAM_FORMATS[speaks.format];
  const dialect = speaks.dialect ?? {};
  const encoded = codec.encodeRequest(tinyRequest(model), dialect);
  if (!encoded.ok) return { ok: false, finding: encoded.failure.message };
  const answer = await send(parts, subject, {
    method: 'POST',
    url: record.baseUrl + pathOf(speaks, model, 'answer'),
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(encoded.value.body),
  });
  if (!answer.ok) return answer;
  const { status, body } = answer.value;
  if (status !== 200) {
    const { kind, message } = refusalOf(subject, answer.value);
    const why = kind === 'not-found' ? `The model \`${model}\` was not found` : `The call was refused`;
    return { ok: false, finding: `${why} (${status}): ${message}` };
  }
  const decoded = codec.decodeResponse(parseJson(body.toString()) ?? null, dialect);
  if (!decoded.ok) return { ok: false, finding: decoded.failure.message };
  return { ok: true, finding: 'The model answers.', value: { answers: true, finishReason: decoded.value.finish } };
}

const tinyRequest = (model: string): GenerationRequest => ({
  model,
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Say ok.' }] }],
  maxOutputTokens: TINY_TOKENS,
  streamUsage: false,
  stream: false,
});

async function send(
  { signer, ask, timeoutMs }: ProberParts,
  { record, credential, way }: Subject,
  asked: UpstreamRequest,
): Promise<Found<WholeResponse>> {
  const request = {
    ...asked,
    headers: { accept: 'application/json', 'accept-encoding': 'identity', ...record.headers, ...asked.headers },
  };
  const scheme = schemeFor(record.auth, credential) ?? record.auth[0];
  const signed = await signer.sign(scheme, credential, request, AbortSignal.timeout(timeoutMs));
  if (!signed.ok) return { ok: false, finding: signed.failure.message, failure: signed.failure };
  const headers = { ...request.headers, ...signed.value.headers };
  const answer = await ask({ ...request, headers }, timeoutMs, way);
  if (!answer.ok) return { ok: false, finding: answer.failure.message, failure: answer.failure };
  // An upstream may repeat what it was sent.
  const text = signed.value.secrets.reduce((said, secret) => secret.hideIn(said), answer.value.body.toString());
  return { ok: true, finding: '', value: { ...answer.value, body: Buffer.from(text) } };
}

function refusalOf({ record }: Subject, { status, body }: WholeResponse): Failure {
  const codec: Codec = UPSTREAM_FORMATS[record.speaks[0]?.format ?? 'openai-chat'];
  const text = body.toString();
  return codec.decodeFailure(status, parseJson(text) ?? text, {});
}
