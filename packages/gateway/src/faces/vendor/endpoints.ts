import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Failure } from '@patchbay/llm/model/failure';
import type { EndpointId } from '@patchbay/llm/providers/define-provider';

import type { KeyVerifier } from '../../identity/ports.ts';
import { queryWithoutKey } from '../../identity/presented-key.ts';
import type { EndpointCall } from '../../pipeline/endpoints/endpoint-call.ts';
import { isForm, readFormRequest } from '../../pipeline/endpoints/read-form-request.ts';
import { readJsonRequest } from '../../pipeline/endpoints/read-json-request.ts';
import type { Outcome } from '../../pipeline/stage.ts';
import { readStart } from '../../relay/pass-intake.ts';
import { callerOf } from './endpoints-caller.ts';
import { dropRest } from './endpoints-rest.ts';
import { serveRecorded, type Admitted, type Begun, type RecordingParts } from './endpoints-serve.ts';
import type { StreamedCall, VendorCall } from './routes.ts';
import { refuse } from './send-failure.ts';

export interface EndpointFaceParts extends RecordingParts {
  /** Longest body that is taken whole, in bytes; forms pass as they come and may be longer. */
  readonly bodyLimitBytes: number;
  readonly keys: KeyVerifier;
  readonly run: (call: EndpointCall) => Promise<Outcome>;
}

/** One endpoint in OpenAI's shape; its route is `/v1/` and its name. */
interface EndpointRow {
  readonly endpoint: EndpointId;
  /** The model of requests that name none; only where OpenAI's own API has one. */
  readonly defaultModel?: string;
}

/** Endpoints that take JSON alone. */
const JSON_ROWS: readonly EndpointRow[] = [
  { endpoint: 'embeddings' },
  { endpoint: 'completions' },
  { endpoint: 'moderations', defaultModel: 'omni-moderation-latest' },
  { endpoint: 'images/generations' },
  { endpoint: 'audio/speech' },
  { endpoint: 'rerank' },
];

/** Endpoints that take forms with files, and JSON where a file is named by its address. */
const FORM_ROWS: readonly EndpointRow[] = [
  { endpoint: 'images/edits' },
  { endpoint: 'images/variations' },
  { endpoint: 'audio/transcriptions' },
  { endpoint: 'audio/translations' },
];

/** The format whose error shape all of them wear. */
const FORMAT = 'openai-chat';

/** The calls besides chats, by method and path: each asks for a key before any of the body is read. */
export function endpointCalls(
  parts: EndpointFaceParts,
): (method: string, path: string) => VendorCall | StreamedCall | undefined {
  const calls = new Map<string, VendorCall | StreamedCall>([
    ...JSON_ROWS.map((row) => [routeOf(row), jsonCall(parts, row)] as const),
    ...FORM_ROWS.map((row) => [routeOf(row), formCall(parts, row)] as const),
  ]);
  return (method, path) => (method === 'POST' ? calls.get(path) : undefined);
}

const routeOf = ({ endpoint }: EndpointRow): string => `/v1/${endpoint}`;

const jsonCall = (parts: EndpointFaceParts, row: EndpointRow): VendorCall => ({
  format: FORMAT,
  open(request, response, requestId) {
    const admitted = admit(parts, row, request, response, requestId);
    if (admitted === undefined) return undefined;
    return (bytes) => void serveRecorded(parts, admitted, (begun) => runJson(parts, row, admitted, begun, bytes));
  },
});

const formCall = (parts: EndpointFaceParts, row: EndpointRow): StreamedCall => ({
  serve(request, response, requestId) {
    dropRest(request, response);
    const admitted = admit(parts, row, request, response, requestId);
    if (admitted === undefined) return void request.resume();
    const run = isForm(request) ? runForm : runFormless;
    void serveRecorded(parts, admitted, async (begun) => {
      const outcome = await run(parts, row, admitted, begun);
      // Whatever nobody has asked for is read away, so that the client gets to read its answer.
      if (!request.complete) request.resume();
      return outcome;
    });
  },
});

/** The request as a call with a caller, or nothing when it was refused. */
function admit(
  parts: EndpointFaceParts,
  row: EndpointRow,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): Admitted | undefined {
  const caller = callerOf(parts.keys, request);
  if (caller.ok) return { request, response, requestId, caller: caller.value, route: routeOf(row), format: FORMAT };
  refuse(response, { format: FORMAT, failure: caller.failure, requestId });
  return undefined;
}

async function runJson(
  parts: EndpointFaceParts,
  { endpoint, defaultModel }: EndpointRow,
  { request: { headers, url = '' } }: Admitted,
  begun: Begun,
  bytes: Buffer,
): Promise<Outcome> {
  begun.record.tap?.asked(bytes);
  const read = readJsonRequest(bytes, defaultModel);
  if (!read.ok) return { kind: 'failed', failure: read.failure };
  const { body, model } = read.value;
  begun.record.requestedModel = model;
  const vectors = endpoint === 'embeddings' ? read.value.vectors : undefined;
  return parts.run({ ...begun, headers, query: queryWithoutKey(url), endpoint, model, body, vectors });
}

/** A body of other types than forms is taken whole. */
async function runFormless(
  parts: EndpointFaceParts,
  row: EndpointRow,
  admitted: Admitted,
  begun: Begun,
): Promise<Outcome> {
  const { request } = admitted;
  if (isEncoded(request)) return { kind: 'failed', failure: ENCODED };
  const { pieces, isWhole } = await readStart(request, parts.bodyLimitBytes, () => false);
  if (!isWhole) return { kind: 'failed', failure: TOO_LARGE };
  return runJson(parts, row, admitted, begun, Buffer.concat(pieces));
}

async function runForm(
  parts: EndpointFaceParts,
  { endpoint }: EndpointRow,
  { request }: Admitted,
  begun: Begun,
): Promise<Outcome> {
  if (isEncoded(request)) return { kind: 'failed', failure: ENCODED };
  const { headers } = request;
  const { model: asked, query } = splitModel(queryWithoutKey(request.url ?? ''));
  const named = headers['x-patchbay-model'];
  const read = await readFormRequest(request, typeof named === 'string' ? named : asked);
  if (!read.ok) return { kind: 'failed', failure: read.failure };
  const { body, model } = read.value;
  begun.record.requestedModel = model;
  return parts.run({ ...begun, headers, query, endpoint, model, body, vectors: undefined });
}

/** The model that a query names, and the query without it. */
function splitModel(query: string): { readonly model: string | undefined; readonly query: string } {
  const parameters = new URLSearchParams(query);
  const model = parameters.get('model') ?? undefined;
  if (model === undefined) return { model, query };
  parameters.delete('model');
  const rest = parameters.toString();
  return { model, query: rest === '' ? '' : `?${rest}` };
}

const isEncoded = ({ headers }: IncomingMessage): boolean => (headers['content-encoding'] ?? 'identity') !== 'identity';

const ENCODED: Failure = {
  kind: 'invalid-request',
  message: 'The request body is compressed. Send it without `content-encoding`.',
};
const TOO_LARGE: Failure = {
  kind: 'payload-too-large',
  message: 'The request body is larger than BODY_LIMIT_BYTES allows. Send less, or raise the limit.',
};
