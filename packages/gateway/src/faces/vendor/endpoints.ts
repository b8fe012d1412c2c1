import type { IncomingMessage, ServerResponse } from 'node:http';

import type { EndpointId } from '@patchbay/llm/providers/define-provider';

import type { KeyVerifier } from '../../identity/ports.ts';
import { queryWithoutKey } from '../../identity/presented-key.ts';
import type { EndpointCall } from '../../pipeline/endpoints/endpoint-call.ts';
import { readJsonRequest } from '../../pipeline/endpoints/read-json-request.ts';
import type { Outcome } from '../../pipeline/stage.ts';
import { callerOf } from './endpoints-caller.ts';
import { serveRecorded, type Admitted, type RecordingParts } from './endpoints-serve.ts';
import type { VendorCall } from './routes.ts';
import { refuse } from './send-failure.ts';

export interface EndpointFaceParts extends RecordingParts {
  readonly keys: KeyVerifier;
  readonly run: (call: EndpointCall) => Promise<Outcome>;
}

/** One endpoint in OpenAI's shape; its route is `/v1/` and its name. */
interface EndpointRow {
  readonly endpoint: EndpointId;
  /** The model of requests that name none; only where OpenAI's own API has one. */
  readonly defaultModel?: string;
}

const ROWS: readonly EndpointRow[] = [
  { endpoint: 'embeddings' },
  { endpoint: 'completions' },
  { endpoint: 'moderations', defaultModel: 'omni-moderation-latest' },
  { endpoint: 'images/generations' },
  { endpoint: 'audio/speech' },
  { endpoint: 'rerank' },
];

/** The format whose error shape all of them wear. */
const FORMAT = 'openai-chat';

/** The calls besides chats, by method and path: each asks for a key before any of the body is read. */
export function endpointCalls(parts: EndpointFaceParts): (method: string, path: string) => VendorCall | undefined {
  const calls = new Map(ROWS.map((row) => [`/v1/${row.endpoint}`, jsonCall(parts, row)]));
  return (method, path) => (method === 'POST' ? calls.get(path) : undefined);
}

const jsonCall = (parts: EndpointFaceParts, row: EndpointRow): VendorCall => ({
  format: FORMAT,
  open(request, response, requestId) {
    const admitted = admit(parts, row, request, response, requestId);
    return admitted === undefined ? undefined : (body) => void serveJson(parts, row, admitted, body);
  },
});

/** The request as a call with a caller, or nothing when it was refused. */
function admit(
  parts: EndpointFaceParts,
  { endpoint }: EndpointRow,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): Admitted | undefined {
  const caller = callerOf(parts.keys, request);
  if (caller.ok)
    return { request, response, requestId, caller: caller.value, route: `/v1/${endpoint}`, format: FORMAT };
  refuse(response, { format: FORMAT, failure: caller.failure, requestId });
  return undefined;
}

const serveJson = (parts: EndpointFaceParts, row: EndpointRow, admitted: Admitted, bytes: Buffer): Promise<void> =>
  serveRecorded(parts, admitted, async (begun) => {
    const read = readJsonRequest(bytes, row.defaultModel);
    if (!read.ok) return { kind: 'failed', failure: read.failure };
    const { body, model, vectors } = read.value;
    begun.record.requestedModel = model;
    const { headers, url = '' } = admitted.request;
    return parts.run({
      ...begun,
      headers,
      query: queryWithoutKey(url),
      endpoint: row.endpoint,
      model,
      body,
      vectors: row.endpoint === 'embeddings' ? vectors : undefined,
    });
  });
