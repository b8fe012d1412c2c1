import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';

import type { Failure } from '@patchbay/llm/model/failure';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';

import { formatOfPath, sendAnswer, type StreamedCall, type VendorCall } from '../faces/vendor/routes.ts';
import { refuse } from '../faces/vendor/send-failure.ts';
import { takeBody, type TakenBody } from './take-body.ts';

export interface ListenerOptions {
  readonly bodyLimitBytes: number;
  readonly newRequestId: () => string;
  /** Calls on the raw socket, by method and path: the framework would cost a tenth of a relayed request. */
  readonly direct: (method: string, path: string) => VendorCall | StreamedCall | undefined;
  /** Answers a browser that asks for a page where no route is; absent where there are no pages. */
  readonly page?: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>;
  /** Where unexpected errors go. */
  readonly onError: (error: unknown, requestId: string) => void;
}

/** Longest wait for a client's whole header block, and for its whole request, in milliseconds. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;
const KEEP_ALIVE_MS = 72_000;
/** Unsent bytes at which a client counts as behind. */
const UNSENT_BYTES = 32 * 1024;

/** The one listener: routes are mounted on what it returns, `listen` starts it. */
export function createListener(options: ListenerOptions): FastifyInstance {
  const app = fastify({
    bodyLimit: options.bodyLimitBytes,
    exposeHeadRoutes: true,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 512 },
    genReqId: (request) => requestId(request as IncomingMessage, options.newRequestId),
    logger: false,
    serverFactory: (handler) => guardedServer(options, handler as RequestListener),
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
  app.setNotFoundHandler(async (request, reply) => {
    const page = await options.page?.(request, reply);
    if (page !== undefined) return page;
    return sendAnswer(reply, formatOfPath(request.url, request), unknownUrl(request.method, request.url));
  });
  return app;
}

/** Nothing is there, which is no matter of models: OpenAI has a word of its own for it. */
function unknownUrl(method: string, url: string): Failure {
  const [path = ''] = url.split('?');
  const message = `There is no ${method} ${path.slice(0, 200)} here. See the README for the routes.`;
  const code = 'unknown_url';
  const error = { message, type: 'invalid_request_error', param: null, code };
  return { kind: 'not-found', message, code, raw: { format: 'openai-chat', body: { error } } };
}

function guardedServer(options: ListenerOptions, handler: RequestListener): Server {
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: 5000,
      noDelay: true,
      highWaterMark: UNSENT_BYTES,
    },
    (request, response) => {
      const problem = suspicion(request);
      if (problem !== undefined) return refuse(response, { format: 'openai-chat', failure: problem, closes: true });
      const route = options.direct(request.method ?? '', pathOf(request));
      if (route === undefined) handler(request, response);
      else if ('serve' in route) route.serve(request, response, requestId(request, options.newRequestId));
      else serveDirect(options, route, request, response);
    },
  );
  return server;
}

/** The path without query and without a closing slash. */
function pathOf({ url = '' }: IncomingMessage): string {
  const query = url.indexOf('?');
  const path = query < 0 ? url : url.slice(0, query);
  return path.endsWith('/') ? path.slice(0, -1) : path;
}

function serveDirect(
  options: ListenerOptions,
  route: VendorCall,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const id = requestId(request, options.newRequestId);
  const go = route.open(request, response, id);
  if (go === undefined) return dropBody(request, response);
  takeBody(request, options.bodyLimitBytes, (body) => {
    if (typeof body !== 'string') return go(body);
    refuse(response, { format: route.format, failure: REFUSED_BODIES[body], requestId: id, closes: true });
    dropBody(request, response);
  });
}

/** How long a body that nobody wants is read and thrown away, so that its sender gets to read the answer. */
const LINGER_MS = 2000;

function dropBody(request: IncomingMessage, response: ServerResponse): void {
  if (request.complete) return;
  request.on('error', () => undefined).resume();
  response.once('finish', () => setTimeout(() => request.destroy(), LINGER_MS).unref());
}

const TOO_LARGE: Failure = {
  kind: 'payload-too-large',
  message: 'The request body is larger than BODY_LIMIT_BYTES allows. Send less, or raise the limit.',
};

const REFUSED_BODIES: Readonly<Record<Exclude<TakenBody, Buffer>, Failure>> = {
  'too-large': TOO_LARGE,
  encoded: { kind: 'invalid-request', message: 'The request body is compressed. Send it without `content-encoding`.' },
};

/** What a parser lets through and we do not: two hosts, or a target that names another site. */
function suspicion(request: IncomingMessage): Failure | undefined {
  if (!request.url?.startsWith('/')) return NO_PATH;
  let hosts = 0;
  for (let at = 0; at < request.rawHeaders.length; at += 2) {
    const name = request.rawHeaders[at];
    if (name?.length === HOST.length && name.toLowerCase() === HOST) hosts += 1;
  }
  return hosts > 1 ? TWO_HOSTS : undefined;
}

const HOST = 'host';
const NO_PATH: Failure = { kind: 'invalid-request', message: 'The request target must be a path.' };
const TWO_HOSTS: Failure = { kind: 'invalid-request', message: 'The request names more than one host.' };

/** Any visible ASCII of a sensible length; anything else would not survive a log or a header. */
const REQUEST_ID = /^[\x21-\x7e]{1,128}$/;

function requestId(request: IncomingMessage, fresh: () => string): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : fresh();
}

function failureOf(error: FastifyError): Failure {
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return TOO_LARGE;
  }
  const { statusCode } = error;
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return { kind: 'invalid-request', message: error.message };
  return { kind: 'internal', message: 'The gateway met an unexpected error. The log has its request id.' };
}
