import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';

import type { Failure } from '@patchbay/llm/model/failure';
import fastify, { type FastifyError, type FastifyInstance } from 'fastify';

import { formatOfPath, sendAnswer } from '../faces/vendor/routes.ts';

export interface ListenerOptions {
  readonly bodyLimitBytes: number;
  readonly newRequestId: () => string;
  /** Where unexpected errors go. */
  readonly onError: (error: unknown, requestId: string) => void;
}

/** Longest wait for a client's whole header block, and for its whole request, in milliseconds. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;
const KEEP_ALIVE_MS = 72_000;

/** The one listener: routes are mounted on what it returns, `listen` starts it. */
export function createListener(options: ListenerOptions): FastifyInstance {
  const app = fastify({
    bodyLimit: options.bodyLimitBytes,
    exposeHeadRoutes: true,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 512 },
    genReqId: (request) => requestId(request as IncomingMessage, options.newRequestId),
    logger: false,
    serverFactory: (handler) => guardedServer(handler as RequestListener),
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const failure = failureOf(error);
    if (failure.kind === 'internal') options.onError(error, request.id);
    // A body that was not read to its end would be taken for the next request.
    if (failure.kind === 'payload-too-large') reply.header('connection', 'close');
    return sendAnswer(reply, formatOfPath(request.url, request), failure);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    const message = `There is no ${request.method} ${path.slice(0, 200)} here. See the README for the routes.`;
    return sendAnswer(reply, formatOfPath(request.url, request), { kind: 'not-found', message });
  });
  return app;
}

function guardedServer(handler: RequestListener): Server {
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: 5000,
      noDelay: true,
    },
    (request, response) => {
      const problem = suspicion(request);
      if (problem === undefined) handler(request, response);
      else refuse(response, problem);
    },
  );
  return server;
}

/** What a parser lets through and we do not: two hosts, or a target that names another site. */
function suspicion(request: IncomingMessage): string | undefined {
  if (!request.url?.startsWith('/')) return 'The request target must be a path.';
  let hosts = 0;
  for (let at = 0; at < request.rawHeaders.length; at += 2) {
    if (request.rawHeaders[at]?.toLowerCase() === 'host') hosts += 1;
  }
  return hosts > 1 ? 'The request names more than one host.' : undefined;
}

function refuse(response: ServerResponse, message: string): void {
  const body = JSON.stringify({ error: { message, type: 'invalid_request_error', param: null, code: null } });
  response.writeHead(400, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  });
  response.end(body);
}

/** Any visible ASCII of a sensible length; anything else would not survive a log or a header. */
const REQUEST_ID = /^[\x21-\x7e]{1,128}$/;

function requestId(request: IncomingMessage, fresh: () => string): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : fresh();
}

function failureOf(error: FastifyError): Failure {
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return {
      kind: 'payload-too-large',
      message: 'The request body is larger than BODY_LIMIT_BYTES allows. Send less, or raise the limit.',
    };
  }
  const { statusCode } = error;
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return { kind: 'invalid-request', message: error.message };
  return { kind: 'internal', message: 'The gateway met an unexpected error. The log has its request id.' };
}
