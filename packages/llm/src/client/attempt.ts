import { failed, ok, type Failure, type Result } from '../model/failure.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { GenerationRequest } from '../model/request.ts';
import type { ProviderRecord, Speaks } from '../providers/define-provider.ts';
import type { AnswerNames } from '../model/name-answer.ts';
import { pathOf } from '../providers/path-of.ts';
import { speechFor } from '../providers/speech-for.ts';
import { FRAMING_TYPES } from '../transport/framing-types.ts';
import type { AnsweredCall } from '../tools/signed-state/vault.ts';
import type { UpstreamRequest, UpstreamResponse } from '../transport/exchange.ts';
import type { Encoded, Loss, UpstreamCodec } from '../wire/codec.ts';
import { kindOfStatus } from '../wire/failure-status.ts';
import { parseJson } from '../wire/read.ts';
import type { WrittenBody } from '../wire/write-body.ts';
import type { ClientContext } from './context.ts';
import type { Attempt } from './run-call.ts';

/** An upstream that answered with success: its bytes are still to be read, with the codec of its format. */
export interface Opened {
  readonly codec: UpstreamCodec<object>;
  readonly dialect: object;
  readonly response: UpstreamResponse;
  readonly losses: readonly Loss[];
  /** Stand in answers whose format gives them none. */
  readonly names: AnswerNames;
  /** By what the answer is known again in later requests. */
  readonly answered: AnsweredCall;
}

/** All that a client keeps is its own caller's. */
const SCOPE = 'client';

/** Encodes, signs and sends one request. A refusal of the upstream is a failure; its body has then been read. */
export async function openAttempt(
  client: ClientContext,
  attempt: Attempt,
  request: GenerationRequest,
): Promise<Result<Opened>> {
  const speaks = speechFor(attempt.provider, attempt.target.model, attempt.format);
  if (speaks === undefined) return failed(withoutChats(attempt.provider));
  const asked = { ...request, model: attempt.target.model };
  const issuer = { format: speaks.format, provider: attempt.provider.id, account: attempt.credential.id };
  // What another provider signed is taken out, what this one signed and the caller dropped is put back.
  const restored = await client.vault?.restore(asked, { scope: SCOPE, target: issuer });
  const made = await encodeFor(client, speaks, restored?.request ?? asked);
  if (!made.ok) return made;
  const { codec, encoded, answersByTool } = made.value;
  const { text: body, losses: unwritten } = await written(encoded.body);
  const losses = [...(restored?.losses ?? []), ...made.value.losses, ...unwritten];
  const path = pathOf(speaks, attempt.target.model, request.stream ? 'stream' : 'answer');
  const accept = request.stream ? FRAMING_TYPES[codec.framing ?? 'sse'] : 'application/json';
  const sent = await exchangeOnce(client, attempt, { method: 'POST', path, accept, body, codec });
  if (!sent.ok) return sent;
  const names = {
    id: `answer-${client.random().toString(36).slice(2)}`,
    model: request.model,
    createdAtMs: client.clock.nowMs(),
  };
  const answering = answersByTool ? (await import('./fit/answer-tool.ts')).withAnswerTool(codec) : codec;
  return ok({
    codec: answering,
    dialect: speaks.dialect ?? {},
    response: sent.value,
    losses,
    names,
    answered: { scope: SCOPE, issuer, request: asked },
  });
}

/** Halves of characters are rare: what mends them is loaded where there are some. */
async function written(body: JsonObject): Promise<WrittenBody> {
  const text = JSON.stringify(body);
  return text.includes('\\ud') ? (await import('../wire/write-body.ts')).writeBody(body) : { text, losses: [] };
}

/** A request in the words of one target. */
export interface EncodedFor {
  readonly codec: UpstreamCodec<object>;
  readonly encoded: Encoded;
  /** Of fitting and of encoding. */
  readonly losses: readonly Loss[];
  readonly answersByTool: boolean;
}

/** Fits a request to a target and encodes it; its model is the provider's own name. */
export async function encodeFor(
  client: ClientContext,
  speaks: Speaks,
  request: GenerationRequest,
): Promise<Result<EncodedFor>> {
  const codec = await client.codecOf(speaks);
  if (codec === undefined) return failed(withoutFormat(speaks));
  const fit = await client.fit();
  const fitted = fit(request, { speaks, model: request.model });
  const encoded = codec.encodeRequest(fitted.request, speaks.dialect ?? {});
  if (!encoded.ok) return encoded;
  const losses = [...fitted.losses, ...encoded.value.losses];
  return ok({ codec, encoded: encoded.value, losses, answersByTool: fitted.answersByTool });
}

interface Message {
  readonly method: UpstreamRequest['method'];
  readonly path: string;
  readonly accept: string;
  readonly body?: string;
  /** Reads a refusal. Default: as the provider's first format. */
  readonly codec?: Pick<UpstreamCodec<object>, 'decodeFailure'>;
}

/** One HTTP exchange with the attempt's provider and account; any status but a success is a failure. */
export async function exchangeOnce(
  client: ClientContext,
  attempt: Attempt,
  { method, path, accept, body, codec }: Message,
): Promise<Result<UpstreamResponse>> {
  const { provider, watchdog } = attempt;
  if (provider.baseUrl === '') return failed(noAddress(provider));
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const headers = { accept, ...type, ...provider.headers, ...attempt.headers };
  const request = { method, url: provider.baseUrl + path, headers, ...(body !== undefined && { body }) };
  watchdog.arm('headers', attempt.timeouts.headersMs);
  const signature = await client.sign(provider, attempt.credential, request, watchdog.signal);
  if (!signature.ok) return signature;
  const signed = { ...request, headers: { ...headers, ...signature.value.headers } };
  const sent = await client.exchangeOf(provider).send(signed, watchdog.signal);
  if (!sent.ok) return watchdog.signal.aborted ? failed(watchdog.explain(sent.failure.message)) : sent;
  watchdog.arm('first-token', attempt.timeouts.firstTokenMs);
  attempt.heard(sent.value);
  const { status } = sent.value;
  if (status >= 200 && status < 300) return sent;
  const text = await readText(sent.value, watchdog.explain);
  if (!text.ok) return text;
  // A token may be withdrawn before its end: the next attempt has another.
  if (status === 401) signature.value.forget?.();
  const reader = codec ?? (await client.codecOf(provider.speaks[0] ?? AS_OPENAI));
  if (reader === undefined) return failed(plainRefusal(status, text.value));
  return failed(reader.decodeFailure(status, parseJson(text.value) ?? text.value, sent.value.headers));
}

/** Who has no chats refuses in OpenAI's words, as nearly everyone does. */
const AS_OPENAI: Speaks = { format: 'openai-chat', path: '' };

const plainRefusal = (status: number, body: string): Failure => ({
  kind: kindOfStatus(status),
  message: `The provider refused with status ${status}.`,
  detail: body,
  status,
});

const withoutChats = ({ name }: ProviderRecord): Failure => ({
  kind: 'not-found',
  path: 'model',
  message: `${name} has no chats.`,
});

const withoutFormat = ({ format }: Speaks): Failure => ({
  kind: 'invalid-request',
  path: 'model',
  message: `This client does not carry the format ${format}, in which this model is served. Give its codec to createCoreClient, or use createClient.`,
});

/** A whole body as text. */
export async function readText(
  response: UpstreamResponse,
  explain: Attempt['watchdog']['explain'],
): Promise<Result<string>> {
  try {
    if (response.body.text !== undefined) return ok(await response.body.text());
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of response.body) text += decoder.decode(chunk, { stream: true });
    return ok(text + decoder.decode());
  } catch (error) {
    return failed(explain(error));
  }
}

/** A whole body as JSON; anything else is a `protocol` failure. */
export async function readJson(response: UpstreamResponse, attempt: Attempt): Promise<Result<Json>> {
  const text = await readText(response, attempt.watchdog.explain);
  if (!text.ok) return text;
  const json = parseJson(text.value);
  if (json !== undefined) return ok(json);
  return failed({
    kind: 'protocol',
    message: 'The provider answered with something that is not JSON.',
    status: response.status,
  });
}

const noAddress = (provider: ProviderRecord) =>
  ({ kind: 'invalid-request', message: `${provider.id} has no address. Set ${provider.envPrefix}_BASE_URL.` }) as const;
