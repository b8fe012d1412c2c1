import type { IncomingMessage, ServerResponse } from 'node:http';

import { invalidRequest, type Failure } from '@patchbay/llm/model/failure';
import type { JsonObject } from '@patchbay/llm/model/json';

import type { KeyVerifier } from '../../identity/ports.ts';
import { presentedKey, queryWithoutKey } from '../../identity/presented-key.ts';
import type { PassCall } from '../../pipeline/endpoints/run-pass.ts';
import type { ProviderRuntime } from '../../pipeline/ports.ts';
import type { Outcome } from '../../pipeline/stage.ts';
import type { Page, ResponseDesk } from '../../pipeline/stored-responses/response-desk.ts';
import { unknownResponse } from '../../pipeline/stored-responses/unknown-state.ts';
import { ClientSink } from '../../relay/client-sink.ts';
import { passedRequestHeaders } from '../../relay/pass-request-headers.ts';
import { callerOf } from './endpoints-caller.ts';
import { dropRest } from './endpoints-rest.ts';
import { serveRecorded, type Admitted, type RecordingParts } from './endpoints-serve.ts';
import type { StreamedCall } from './routes.ts';
import { refuse } from './send-failure.ts';

export interface ResponsesFaceParts extends RecordingParts {
  readonly keys: KeyVerifier;
  /** Absent where no answers are kept. */
  readonly desk: ResponseDesk | undefined;
  readonly provider: (id: string) => ProviderRuntime | undefined;
  /** Asks the provider that made an answer. */
  readonly pass: (call: PassCall) => Promise<Outcome>;
}

/** One question about a kept answer: whose, which, and the words of the query. */
interface Question {
  readonly desk: ResponseDesk;
  readonly keyId: string;
  readonly id: string;
  readonly query: URLSearchParams;
  /** Where events go, for those who listen. */
  readonly client: () => ClientSink;
}

/** JSON to send, a failure, `answered` where it has been sent, or nothing where the answer is not known. */
type Reply = { readonly body: JsonObject } | { readonly failure: Failure } | 'answered' | undefined;

type Act = (question: Question) => Promise<Reply>;

const FORMAT = 'openai-responses';
/** An answer, and perhaps something about it. */
const PATH = /^\/v1\/responses\/([^/]+)(?:\/(cancel|input_items))?$/;

/** What may be asked about an answer, by method and what follows its id. */
const ACTS: Readonly<Record<string, Act>> = {
  'GET ': retrieve,
  'DELETE ': async ({ desk, keyId, id }) =>
    (await desk.remove(keyId, id)) ? { body: { id, object: 'response', deleted: true } } : undefined,
  'POST cancel': async ({ desk, keyId, id }) => replyOf(await desk.cancel(keyId, id)),
  'GET input_items': listItems,
};

/** Questions about answers that are kept, by method and path; each asks for a key first. */
export function responsesCalls(parts: ResponsesFaceParts): (method: string, path: string) => StreamedCall | undefined {
  return (method, path) => {
    const [, id = '', about = ''] = PATH.exec(path) ?? [];
    const act = id === '' ? undefined : ACTS[`${method} ${about}`];
    return act && { serve: (...request) => void serve(parts, act, id, request) };
  };
}

async function serve(
  parts: ResponsesFaceParts,
  act: Act,
  id: string,
  [request, response, requestId]: Parameters<StreamedCall['serve']>,
): Promise<void> {
  const { keys, desk, onError, wheel, clientStallMs, registryVersion } = parts;
  dropRest(request, response);
  request.resume();
  const caller = callerOf(keys, request);
  if (!caller.ok) return refuse(response, { format: FORMAT, failure: caller.failure, requestId });
  const { keyId } = caller.value;
  const query = queryOf(request);
  const client = (): ClientSink =>
    new ClientSink(response, { requestId, registryVersion: registryVersion() }, wheel, clientStallMs);
  const reply = await (desk === undefined ? undefined : act({ desk, keyId, id, query, client }))?.catch(
    (error: unknown): Reply => {
      onError(error, requestId);
      return { failure: INTERNAL };
    },
  );
  if (reply === 'answered') return;
  if (reply !== undefined && 'body' in reply) return send(response, requestId, reply.body);
  const admitted = { request, response, requestId, caller: caller.value, route: ROUTE, format: FORMAT } as const;
  const passed = reply === undefined ? askIssuer(parts, admitted, id) : undefined;
  if (passed !== undefined) return passed;
  refuse(response, { format: FORMAT, failure: reply?.failure ?? unknownResponse(id), requestId });
}

const ROUTE = '/v1/responses/{id}';

/** Asks the account that made an answer; `undefined` when nobody knows which. */
function askIssuer(parts: ResponsesFaceParts, admitted: Admitted, id: string): Promise<void> | undefined {
  const { request, caller } = admitted;
  const issuer = parts.desk?.issuerOf(caller.keyId, id);
  const runtime = issuer && parts.provider(issuer.provider);
  const base = runtime?.record.speaks?.find(({ format }) => format === FORMAT)?.path;
  if (issuer === undefined || runtime === undefined || base === undefined) return undefined;
  const { method = '', url = '', headers } = request;
  const [, about = ''] = /^\/v1\/responses([^?]*)/.exec(url) ?? [];
  const key = presentedKey(request) ?? '';
  return serveRecorded(parts, admitted, (begun) =>
    parts.pass({
      ...begun,
      runtime,
      method,
      path: base + about,
      query: queryWithoutKey(url),
      headers: passedRequestHeaders(headers, key),
      account: issuer.account,
      upload: undefined,
    }),
  );
}

const INTERNAL: Failure = {
  kind: 'internal',
  message: 'The gateway met an unexpected error. The log has its request id.',
};

const queryOf = ({ url = '' }: IncomingMessage): URLSearchParams =>
  new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?')) : '');

function send(response: ServerResponse, requestId: string, body: JsonObject): void {
  const text = JSON.stringify(body);
  response.writeHead(200, {
    'x-request-id': requestId,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

const replyOf = (result: Awaited<ReturnType<ResponseDesk['cancel']>>): Reply =>
  result === undefined ? undefined : result.ok ? { body: result.value } : { failure: result.failure };

async function retrieve({ desk, keyId, id, query, client }: Question): Promise<Reply> {
  if (query.get('stream') !== 'true') {
    const body = await desk.retrieve(keyId, id);
    return body && { body };
  }
  const after = Number(query.get('starting_after') ?? -1);
  if (!Number.isInteger(after) || after < -1)
    return { failure: invalidRequest('starting_after', '`starting_after` must be the number of an event.') };
  const heard = await desk.listen(keyId, id);
  if (heard === undefined) return undefined;
  if (!heard.ok) return { failure: heard.failure };
  heard.value.follow(client(), after);
  return 'answered';
}

const LIMIT_MAX = 100;
const LIMIT_DEFAULT = 20;

async function listItems({ desk, keyId, id, query }: Question): Promise<Reply> {
  const limit = Number(query.get('limit') ?? LIMIT_DEFAULT);
  if (!Number.isInteger(limit) || limit < 1 || limit > LIMIT_MAX)
    return { failure: invalidRequest('limit', '`limit` must be a whole number from 1 to 100.') };
  const order = query.get('order') ?? 'desc';
  if (order !== 'asc' && order !== 'desc')
    return { failure: invalidRequest('order', '`order` must be `asc` or `desc`.') };
  const page: Page = { limit, order, after: query.get('after') ?? undefined };
  return replyOf(await desk.inputItems(keyId, id, page));
}
