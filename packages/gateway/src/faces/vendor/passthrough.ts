import type { IncomingMessage, ServerResponse } from 'node:http';

import { failed, type Failure, type Result } from '@patchbay/llm/model/failure';
import { WIRE_FORMATS, type ServedFormatId } from '@patchbay/llm/wire/registry';

import type { Caller, KeyVerifier } from '../../identity/ports.ts';
import { presentedKey } from '../../identity/presented-key.ts';
import { hasModelLimits, passedModel } from '../../pipeline/endpoints/passed-model.ts';
import type { PassCall } from '../../pipeline/endpoints/run-pass.ts';
import { namesOf } from '../../pipeline/model-directory.ts';
import type { CallablesNow, ProviderRuntime } from '../../pipeline/ports.ts';
import type { Outcome } from '../../pipeline/stage.ts';
import { passedQuery, passedRequestHeaders } from '../../relay/pass-request-headers.ts';
import { PassUpload } from '../../relay/pass-upload.ts';
import { callerOf } from './endpoints-caller.ts';
import { dropRest } from './endpoints-rest.ts';
import { serveRecorded, type Admitted, type Begun, type RecordingParts } from './endpoints-serve.ts';
import type { StreamedCall } from './routes.ts';
import { refuse } from './send-failure.ts';

export interface PassFaceParts extends RecordingParts {
  readonly keys: KeyVerifier;
  /** The providers that have an account here. */
  readonly callables: CallablesNow;
  readonly run: (call: PassCall) => Promise<Outcome>;
}

const PREFIX = '/pass/';
const ROUTE = '/pass/{provider}';

/** The call that hands a request to a provider as it is, for every method and every path below `/pass/{provider}`. */
export function passThroughCalls(parts: PassFaceParts): (method: string, path: string) => StreamedCall | undefined {
  const call: StreamedCall = {
    serve: (request, response, requestId) => serve(parts, request, response, requestId),
  };
  return (_, path) => (path.startsWith(PREFIX) ? call : undefined);
}

function serve(parts: PassFaceParts, request: IncomingMessage, response: ServerResponse, requestId: string): void {
  const asked = splitTarget(request.url ?? '');
  const runtime = parts.callables().runtimes.get(asked.providerId);
  const format = formatOf(runtime);
  const caller = passingCaller(parts.keys, request);
  dropRest(request, response);
  if (!caller.ok) {
    refuse(response, { format, failure: caller.failure, requestId });
    return void request.resume();
  }
  const admitted: Admitted = { request, response, requestId, caller: caller.value, route: ROUTE, format };
  void serveRecorded(parts, admitted, async (begun) => {
    const outcome = await passOn(parts, admitted, begun, asked, runtime);
    // Whatever nobody has asked for is read away, so that the client gets to read its answer.
    if (!request.complete) request.resume();
    return outcome;
  });
}

/** Whoever may have requests passed on as they are: nobody reads which model such a request is for. */
function passingCaller(keys: KeyVerifier, request: IncomingMessage): Result<Caller> {
  const caller = callerOf(keys, request);
  return caller.ok && caller.value.models !== undefined ? failed(UNCHECKED) : caller;
}

const UNCHECKED: Failure = {
  kind: 'permission',
  message: 'This key may call named models only, and here nothing says which one is called.',
};

async function passOn(
  parts: PassFaceParts,
  { request }: Admitted,
  begun: Begun,
  { providerId, path, query }: Target,
  runtime: ProviderRuntime | undefined,
): Promise<Outcome> {
  const { method = '', headers } = request;
  if (runtime === undefined) return { kind: 'failed', failure: unknownProvider(parts, providerId) };
  if (method === 'TRACE') return { kind: 'failed', failure: NO_TRACE };
  const key = presentedKey(request) ?? '';
  // Where no account has limits for single models, nobody looks which one it is.
  const { model, head } = hasModelLimits(runtime) ? await passedModel(request, path) : UNREAD;
  return parts.run({
    ...begun,
    runtime,
    method,
    path,
    query: passedQuery(query, key),
    headers: passedRequestHeaders(headers, key),
    upload: uploadOf(request, head),
    ...(model !== undefined && { model }),
  });
}

const UNREAD = { model: undefined, head: [] };

function uploadOf(source: IncomingMessage, head: readonly Buffer[]): PassUpload | undefined {
  const { 'content-length': length, 'transfer-encoding': coding } = source.headers;
  if (coding !== undefined) return new PassUpload({ source, head, lengthBytes: undefined });
  return length === undefined || Number(length) === 0
    ? undefined
    : new PassUpload({ source, head, lengthBytes: Number(length) });
}

/** What an address below `/pass/` asks for. */
interface Target {
  readonly providerId: string;
  readonly path: string;
  readonly query: string;
}

function splitTarget(url: string): Target {
  const at = url.indexOf('?');
  const whole = at < 0 ? url : url.slice(0, at);
  const slash = whole.indexOf('/', PREFIX.length);
  return {
    providerId: whole.slice(PREFIX.length, slash < 0 ? undefined : slash),
    path: slash < 0 ? '' : whole.slice(slash),
    query: at < 0 ? '' : url.slice(at),
  };
}

/** Our own failures are told in the dialect of the provider's SDK, where we speak it. */
function formatOf(runtime: ProviderRuntime | undefined): ServedFormatId {
  const format = runtime?.record.speaks[0]?.format ?? 'openai-chat';
  return format in WIRE_FORMATS ? (format as ServedFormatId) : 'openai-chat';
}

const unknownProvider = ({ callables }: PassFaceParts, id: string): Failure => ({
  kind: 'not-found',
  message: `There is no provider \`${id.slice(0, 100)}\` with an account here. Providers here: ${namesOf(callables().runtimes)}.`,
});

const NO_TRACE: Failure = {
  kind: 'invalid-request',
  message: 'TRACE is not passed on: its answer would show the account’s key.',
};
