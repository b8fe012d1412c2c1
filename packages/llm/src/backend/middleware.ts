import type { Clock } from '../model/clock.ts';
import type { WriteLine } from '../observe/logger.ts';
import { InterceptorChain, type Interceptor } from '../plugins/interceptors.ts';
import { BackendError, backendErrorOf } from './backend-error.ts';
import type { BackendAuth, BackendCors } from './backend-options.ts';
import { presentFailure } from './envelope.ts';

/** A request before it is known what it asks for. */
export interface Arrived {
  readonly request: Request;
  readonly url: URL;
  readonly requestId: string;
}

type Layer = Interceptor<Arrived, Response>;

/** What stands around every request. */
export interface LayerParts {
  readonly log: WriteLine;
  readonly clock: Clock;
  readonly cors: BackendCors;
  readonly auth: BackendAuth;
}

/** Everything around a request, the outermost first: recovery, log, request id, CORS, sign-in. */
export function layersOf({ log, clock, cors, auth }: LayerParts): InterceptorChain<Arrived, Response> {
  const chain = new InterceptorChain<Arrived, Response>().add(recovery(log, clock)).add(logging(log, clock)).add(named);
  const { allowedOrigins = [] } = cors;
  if (cors.enabled ?? allowedOrigins.length > 0) chain.add(corsLayer(cors));
  const { password } = auth;
  if (auth.enabled ?? password !== undefined) chain.add(signIn(auth, clock));
  return chain;
}

/** An error as an answer. */
export function errorResponse(error: BackendError, requestId: string, clock: Clock): Response {
  const body = presentFailure(error, { requestId, nowMs: clock.nowMs() });
  return Response.json(body, { status: error.status, headers: error.headers });
}

const recovery =
  (log: WriteLine, clock: Clock): Layer =>
  async (arrived, next) => {
    try {
      return await next(arrived);
    } catch (error) {
      log('error', 'A request met a fault.', { fault: error, request_id: arrived.requestId });
      const response = errorResponse(backendErrorOf('INTERNAL_ERROR', error), arrived.requestId, clock);
      response.headers.set('x-request-id', arrived.requestId);
      return response;
    }
  };

const logging =
  (log: WriteLine, clock: Clock): Layer =>
  async (arrived, next) => {
    const startedMs = clock.monotonicMs();
    const response = await next(arrived);
    log(response.status >= 500 ? 'error' : 'info', `${arrived.request.method} ${arrived.url.pathname}`, {
      status: response.status,
      took_ms: Math.round(clock.monotonicMs() - startedMs),
      request_id: arrived.requestId,
    });
    return response;
  };

const named: Layer = async (arrived, next) => withHeaders(await next(arrived), { 'x-request-id': arrived.requestId });

/** Redirections have headers that cannot be changed. */
function withHeaders(response: Response, headers: Readonly<Record<string, string>>): Response {
  const all = new Headers(response.headers);
  for (const [name, value] of Object.entries(headers)) all.set(name, value);
  return new Response(response.body, { status: response.status, headers: all });
}

const MAX_AGE_S = '600';

function corsLayer({
  allowedOrigins = [],
  allowedMethods = ['GET', 'POST', 'PUT', 'DELETE'],
  allowedHeaders = ['authorization', 'content-type', 'x-request-id'],
}: BackendCors): Layer {
  const isOpen = allowedOrigins.includes('*');
  return async (arrived, next) => {
    const origin = arrived.request.headers.get('origin');
    if (origin === null) return next(arrived);
    const isAllowed = isOpen || allowedOrigins.includes(origin);
    const common: Record<string, string> = isOpen ? {} : { vary: 'Origin' };
    if (isAllowed) common['access-control-allow-origin'] = isOpen ? '*' : origin;
    if (!isPreflight(arrived.request)) {
      const shown = isAllowed ? { 'access-control-expose-headers': 'x-request-id, retry-after' } : {};
      return withHeaders(await next(arrived), { ...common, ...shown });
    }
    if (!isAllowed) return new Response(null, { status: 403, headers: common });
    const headers = {
      ...common,
      'access-control-allow-methods': allowedMethods.join(', '),
      'access-control-allow-headers': allowedHeaders.join(', '),
      'access-control-max-age': MAX_AGE_S,
    };
    return new Response(null, { status: 204, headers });
  };
}

const isPreflight = ({ method, headers }: Request): boolean =>
  method === 'OPTIONS' && headers.has('access-control-request-method');

const OAUTH_CALLBACK = /^\/api\/oauth\/[^/]+\/callback$/;

function signIn({ password, publicPaths = ['/health', '/version'] }: BackendAuth, clock: Clock): Layer {
  if (password === undefined || password === '')
    throw new TypeError('auth.password is needed where auth is enabled. Set it, or `auth: { enabled: false }`.');
  const isRight = matcherOf(password);
  const isPublic = (path: string): boolean =>
    OAUTH_CALLBACK.test(path) || publicPaths.some((each) => path === each || path.startsWith(`${each}/`));
  return async (arrived, next) => {
    if (isPublic(arrived.url.pathname)) return next(arrived);
    const [, token] = /^Bearer +(\S+)\s*$/i.exec(arrived.request.headers.get('authorization') ?? '') ?? [];
    if (token !== undefined && (await isRight(token))) return next(arrived);
    const message =
      token === undefined
        ? 'Present the password of this backend: `Authorization: Bearer <password>`.'
        : 'This is not the password of this backend.';
    const refusal = new BackendError('UNAUTHORIZED', { message, headers: { 'www-authenticate': 'Bearer' } });
    return errorResponse(refusal, arrived.requestId, clock);
  };
}

/** Compares digests, so that how long it takes says nothing about how much is right. */
function matcherOf(password: string): (token: string) => Promise<boolean> {
  const wanted = digestOf(password);
  return async (token) => {
    const [one, other] = await Promise.all([wanted, digestOf(token)]);
    return one.reduce((differing, byte, at) => differing | (byte ^ (other[at] ?? 0)), 0) === 0;
  };
}

const digestOf = async (text: string): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
