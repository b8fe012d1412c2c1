import type { Credential } from '@patchbay/llm/credentials/credential';
import { sign } from '@patchbay/llm/credentials/signers/sign';
import { failed, ok, type Failure, type Result } from '@patchbay/llm/model/failure';
import type { Json } from '@patchbay/llm/model/json';
import type { GenerationRequest } from '@patchbay/llm/model/request';
import type { Speaks } from '@patchbay/llm/providers/define-provider';
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

/** Makes one attempt's request: the caller's bytes with another model name, or a translation. */
export function prepareAttempt(
  call: Call,
  runtime: ProviderRuntime,
  model: string,
  credential: Credential,
): Result<Prepared> {
  const speaks = chooseSpeech(runtime, call);
  return speaks.format === call.clientFormat
    ? ok(prepareExpress(call, runtime, speaks, model, credential))
    : prepareTranslation(call, runtime, speaks, model, credential);
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

function prepareTranslation(
  call: Call,
  runtime: ProviderRuntime,
  speaks: Speaks,
  model: string,
  credential: Credential,
): Result<Prepared> {
  const client: AnyCodec = WIRE_FORMATS[call.clientFormat];
  const upstream: UpstreamCodec<object> = UPSTREAM_FORMATS[speaks.format];
  const dialect = speaks.dialect ?? {};
  const json = call.json ?? parseJson(call.body.toString());
  const unsupported = threadRefusal(call, json);
  if (unsupported !== undefined) return failed(unsupported);
  const addressed = call.modelSpan === undefined ? { model: call.model, stream: call.stream } : undefined;
  const decoded = client.decodeRequest(json ?? null, addressed);
  if (!decoded.ok) return decoded;
  const request: GenerationRequest = { ...decoded.value, model };
  const encoded = upstream.encodeRequest(request, dialect);
  if (!encoded.ok) return encoded;
  const { body, losses } = encoded.value;
  const [first] = losses;
  if (call.strict && first !== undefined) {
    const message = `\`${first.path}\` cannot be carried to ${runtime.record.name}: ${first.what} (${first.instead}). Remove it, choose a model that speaks your dialect, or drop the x-patchbay-strict header.`;
    return failed({ kind: 'invalid-request', path: first.path, message });
  }
  return ok({
    request: {
      method: 'POST',
      url: runtime.baseUrl + addressOf(call, speaks, model),
      headers: baseHeaders(runtime, credential, call.stream),
      body: JSON.stringify(body),
    },
    speech: translateSpeech({
      client,
      upstream,
      dialect,
      request,
      inputTokensEstimate: estimateTokens(call.body.length),
    }),
    losses,
  });
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
