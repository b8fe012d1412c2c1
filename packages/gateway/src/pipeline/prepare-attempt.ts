import type { Credential } from '@patchbay/llm/credentials/credential';
import { sign } from '@patchbay/llm/credentials/signers/sign';
import { failed, ok, type Failure, type Result } from '@patchbay/llm/model/failure';
import type { Json } from '@patchbay/llm/model/json';
import type { GenerationRequest } from '@patchbay/llm/model/request';
import type { Speaks } from '@patchbay/llm/providers/define-provider';
import type { SignedStateVault } from '@patchbay/llm/tools/signed-state/vault';
import type { UpstreamRequest } from '@patchbay/llm/transport/exchange';
import type { ClientCodec, Loss, UpstreamCodec } from '@patchbay/llm/wire/codec';
import { isObject, parseJson } from '@patchbay/llm/wire/read';
import { UPSTREAM_FORMATS, WIRE_FORMATS, type ServedFormatId } from '@patchbay/llm/wire/registry';

import { expressSpeech } from '../relay/express-speech.ts';
import type { Speech } from '../relay/speech.ts';
import { translateSpeech } from '../relay/translate-speech.ts';
import { addressOf } from './address.ts';
import type { Call } from './call.ts';
import type { ProviderRuntime } from './ports.ts';

/** A request ready to send and the way its answer will be read. */
export interface Prepared {
  readonly request: UpstreamRequest;
  readonly speech: Speech;
  readonly losses: readonly Loss[];
}

type AnyCodec = UpstreamCodec<object> & ClientCodec;

const USER_AGENT = 'patchbay/0.1.0';
/** What English text and JSON come to in the tokenizers of today. */
const BYTES_PER_TOKEN = 4;
/** A client's headers that belong to its dialect and mean something to the vendor. */
const DIALECT_HEADERS = ['anthropic-beta', 'anthropic-version', 'openai-beta'];

/** Tokens of so many bytes, roughly: for cancelled calls and for providers that do not count. */
export const estimateTokens = (bytes: number): number => Math.ceil(bytes / BYTES_PER_TOKEN);

/** The wire format to use towards a provider: the caller's own where it is spoken, else the provider's first. */
export const chooseSpeech = (runtime: ProviderRuntime, call: Call): Speaks =>
  runtime.record.speaks.find(({ format }) => format === call.clientFormat) ?? runtime.record.speaks[0];

/** Where one attempt goes. */
export interface AttemptPlan {
  readonly call: Call;
  readonly runtime: ProviderRuntime;
  readonly model: string;
  readonly credential: Credential;
  /** Keeps what providers sign, for callers whose dialect has no place for it. */
  readonly vault: SignedStateVault;
}

/** Makes one attempt's request: at once the caller's bytes with another model name, or in time a translation. */
export function prepareAttempt(plan: AttemptPlan): Result<Prepared> | Promise<Result<Prepared>> {
  const speaks = chooseSpeech(plan.runtime, plan.call);
  return speaks.format === plan.call.clientFormat
    ? ok(prepareExpress(plan.call, plan.runtime, speaks, plan.model, plan.credential))
    : prepareTranslation(plan, speaks);
}

function prepareExpress(
  call: Call,
  runtime: ProviderRuntime,
  speaks: Speaks,
  model: string,
  credential: Credential,
): Prepared {
  call.json = undefined;
  const headers: Record<string, string> = { ...baseHeaders(runtime, credential, call.stream) };
  for (const name of DIALECT_HEADERS) {
    const value = call.headers[name];
    if (typeof value === 'string') headers[name] = value;
  }
  const codec: AnyCodec = WIRE_FORMATS[speaks.format as ServedFormatId];
  return {
    request: {
      method: 'POST',
      url: runtime.baseUrl + addressOf(call, speaks, model, call.query),
      headers,
      body: bodyWithModel(call, model),
    },
    speech: expressSpeech({
      codec,
      dialect: speaks.dialect ?? {},
      streams: call.stream,
      inputTokensEstimate: estimateTokens(call.body.length),
    }),
    losses: [],
  };
}

/** The client's bytes; where they name the model, with the provider's name for it. */
function bodyWithModel({ body, modelSpan }: Call, model: string): Buffer {
  if (modelSpan === undefined) return body;
  const { start, end } = modelSpan;
  return Buffer.concat([body.subarray(0, start), Buffer.from(JSON.stringify(model)), body.subarray(end)]);
}

async function prepareTranslation(plan: AttemptPlan, speaks: Speaks): Promise<Result<Prepared>> {
  const { call, runtime, model, credential, vault } = plan;
  const client: AnyCodec = WIRE_FORMATS[call.clientFormat];
  const upstream: UpstreamCodec<object> = UPSTREAM_FORMATS[speaks.format];
  const dialect = speaks.dialect ?? {};
  const decoded = decodeCall(call, client);
  if (!decoded.ok) return decoded;
  const asked: GenerationRequest = { ...decoded.value, model };
  const scope = call.caller.keyId;
  const issuer = { format: speaks.format, provider: runtime.record.id, account: credential.id };
  const { request, losses: unsigned } = await vault.restore(asked, { scope, target: issuer });
  const encoded = upstream.encodeRequest(request, dialect);
  if (!encoded.ok) return encoded;
  const losses = [...unsigned, ...encoded.value.losses];
  const refused = call.strict ? strictRefusal(runtime, losses) : undefined;
  if (refused !== undefined) return failed(refused);
  return ok({
    request: {
      method: 'POST',
      url: runtime.baseUrl + addressOf(call, speaks, model),
      headers: baseHeaders(runtime, credential, call.stream),
      body: JSON.stringify(encoded.value.body),
    },
    speech: translateSpeech({
      client,
      upstream,
      dialect,
      request,
      inputTokensEstimate: estimateTokens(call.body.length),
      observe: () => vault.observe({ scope, issuer, request: asked }),
    }),
    losses,
  });
}

function decodeCall(call: Call, client: ClientCodec): Result<GenerationRequest> {
  const json = call.json ?? parseJson(call.body.toString());
  const unsupported = threadRefusal(call, json);
  if (unsupported !== undefined) return failed(unsupported);
  const addressed = call.modelSpan === undefined ? { model: call.model, stream: call.stream } : undefined;
  return client.decodeRequest(json ?? null, addressed);
}

/** Callers who ask for strictness get nothing rather than less than they said. */
function strictRefusal({ record }: ProviderRuntime, [first]: readonly Loss[]): Failure | undefined {
  if (first === undefined) return undefined;
  const message = `\`${first.path}\` cannot be carried to ${record.name}: ${first.what} (${first.instead}). Remove it, choose a model that speaks your dialect, or drop the x-patchbay-strict header.`;
  return { kind: 'invalid-request', path: first.path, message };
}

/**
 * A conversation that the vendor keeps on its side cannot go on elsewhere. With these very words Anthropic's clients
 * send it again as a whole; any other refusal would be the end of it.
 */
function threadRefusal(call: Call, json: Json | undefined): Failure | undefined {
  if (call.clientFormat !== 'anthropic-messages' || !isObject(json) || !isObject(json['thread'])) return undefined;
  const message = 'This model does not keep threads. Send the whole conversation.';
  const details = { error_code: 'thread_unsupported_request', unsupported: ['thread'] };
  const error = { type: 'invalid_request_error', message, details };
  const body = { type: 'error', error };
  return { kind: 'invalid-request', path: 'thread', message, raw: { format: 'anthropic-messages', body } };
}

function baseHeaders(runtime: ProviderRuntime, credential: Credential, stream: boolean): Record<string, string> {
  return {
    'content-type': 'application/json',
    accept: stream ? 'text/event-stream' : 'application/json',
    'accept-encoding': 'identity',
    'user-agent': USER_AGENT,
    ...runtime.record.headers,
    ...sign(runtime.record.auth[0], credential),
  };
}
