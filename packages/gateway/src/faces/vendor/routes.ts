import type { IncomingMessage, ServerResponse } from 'node:http';

import type { ServedFormatId } from '@patchbay/llm/wire/registry';
import type { Failure } from '@patchbay/llm/model/failure';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { Caller, KeyVerifier } from '../../identity/ports.ts';
import { presentedKey } from '../../identity/presented-key.ts';
import type { ListedModel, ModelLister } from '../../pipeline/model-listing.ts';
import { MODEL_SHAPES } from './models.ts';
import { addressedOperation, FIXED_OPERATIONS } from './operations.ts';
import { failureAnswer, refuse } from './send-failure.ts';
import { serveCall, type Operation, type ServeParts } from './serve-call.ts';

export interface VendorParts extends ServeParts {
  readonly keys: KeyVerifier;
  readonly models: ModelLister;
}

/** The calls, by method and path: each asks for a key before any of the body is read. */
export function vendorCalls(parts: VendorParts): (method: string, path: string) => VendorCall | undefined {
  const calls = new Map(FIXED_OPERATIONS.map((operation) => [operation.route, vendorCall(parts, operation)]));
  return (method, path) => {
    if (method !== 'POST') return undefined;
    const fixed = calls.get(path);
    if (fixed !== undefined) return fixed;
    const operation = addressedOperation(path);
    return operation === undefined ? undefined : vendorCall(parts, operation);
  };
}

/** One route on the raw socket that takes its body itself, because it passes it on as it comes. */
export interface StreamedCall {
  serve(request: IncomingMessage, response: ServerResponse, requestId: string): void;
}

/** One route on the raw socket that wants its whole body. */
export interface VendorCall {
  /** The dialect that refusals of the body wear. */
  readonly format: ServedFormatId;
  /** Looks at the headers; returns how to go on with the body, or `undefined` when it has answered. */
  open(request: IncomingMessage, response: ServerResponse, requestId: string): ((body: Buffer) => void) | undefined;
}

const vendorCall = (parts: VendorParts, operation: Operation): VendorCall => ({
  format: operation.format,
  open(request, response, requestId) {
    const caller = callerOf(parts.keys, request);
    if (typeof caller !== 'string')
      return (body) => void serveCall(parts, operation, { request, response, requestId, caller, body });
    refuse(response, { format: operation.format, failure: REFUSALS[caller], requestId });
    return undefined;
  },
});

/** Mounts what is not a call: the lists of models. */
export function vendorRoutes(app: FastifyInstance, parts: VendorParts): void {
  const onRequest = authenticate(parts.keys, modelsFormat);
  for (const path of ['/v1/models', '/v1beta/models']) {
    app.get(path, { onRequest }, async (request) =>
      MODEL_SHAPES[modelsFormat(request)].list(await parts.models.list()),
    );
    app.get<{ Params: { '*': string } }>(`${path}/*`, { onRequest }, async (request, reply) => {
      const id = request.params['*'];
      const model = named(await parts.models.list(), id);
      const format = modelsFormat(request);
      if (model === undefined) return sendAnswer(reply, format, parts.models.unknown(id));
      return MODEL_SHAPES[format].one(model);
    });
  }
}

/** A model by its address, or by its provider's own name where that comes first in the list. */
const named = (models: readonly ListedModel[], id: string): ListedModel | undefined =>
  models.find((each) => each.id === id) ?? models.find((each) => each.id === `${each.providerId}/${id}`);

/** Three clients ask for models at one path: their headers tell them apart. */
function modelsFormat(request: FastifyRequest): keyof typeof MODEL_SHAPES {
  const { headers, url } = request;
  const isGoogle = headers['x-goog-api-key'] !== undefined || headers['x-goog-api-client'] !== undefined;
  if (isGoogle || url.startsWith('/v1beta')) return 'gemini';
  return headers['anthropic-version'] === undefined ? 'openai-chat' : 'anthropic-messages';
}

/** The dialect an error on `path` wears when no route took the request. */
export function formatOfPath(path: string, request: FastifyRequest): ServedFormatId {
  if (path.startsWith('/v1/messages')) return 'anthropic-messages';
  return path.startsWith('/v1/responses') ? 'openai-responses' : modelsFormat(request);
}

const MISSING: Failure = {
  kind: 'authentication',
  message:
    'No API key was given. Send one as `Authorization: Bearer <key>` or `x-api-key: <key>`; `patchbay keys create` makes one.',
};
const UNKNOWN: Failure = {
  kind: 'authentication',
  message: 'The API key is not known here. Check it, or make one with `patchbay keys create`.',
};
const REVOKED: Failure = {
  kind: 'authentication',
  message: 'The API key has been revoked. Make a new one with `patchbay keys create`.',
};

const EXPIRED: Failure = {
  kind: 'authentication',
  message: 'The API key has expired. Make a new one, or ask an administrator to prolong it.',
};

const REFUSALS = { missing: MISSING, unknown: UNKNOWN, revoked: REVOKED, expired: EXPIRED } as const;

function callerOf(keys: KeyVerifier, request: IncomingMessage): Caller | keyof typeof REFUSALS {
  const key = presentedKey(request);
  return key === undefined ? 'missing' : keys.verify(key);
}

function authenticate(keys: KeyVerifier, formatOf: (request: FastifyRequest) => ServedFormatId) {
  return (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    const caller = callerOf(keys, request.raw);
    if (typeof caller === 'string') sendAnswer(reply, formatOf(request), REFUSALS[caller]);
    else done();
  };
}

/** Sends a failure through the framework, for requests that never became a call. */
export function sendAnswer(reply: FastifyReply, format: ServedFormatId, failure: Failure): FastifyReply {
  const answer = failureAnswer(format, failure);
  return reply.code(answer.status).headers(answer.headers).send(answer.body);
}
