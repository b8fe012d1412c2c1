import { createProviders } from '../kit/config/parse-config.ts';
import { newProviderFactory, registerDefaultProviders } from '../kit/factory.ts';
import { newMetricsCollector, withMetrics } from '../kit/metrics.ts';
import type { Provider } from '../kit/provider.ts';
import { systemClock, type Clock } from '../model/clock.ts';
import { safeLines } from '../observe/logger.ts';
import type { MetricsCollector } from '../observe/metrics-collector.ts';
import { BackendError, backendErrorOf } from './backend-error.ts';
import type { BackendOptions } from './backend-options.ts';
import type { BackendContext } from './context.ts';
import { presentData } from './envelope.ts';
import { startExtensions, type ExtensionHost } from './extension-host.ts';
import { generateRoutes } from './generate-routes.ts';
import { errorResponse, layersOf, type Arrived } from './middleware.ts';
import { oauthRoutes } from './oauth-routes.ts';
import { opsRoutes } from './ops-routes.ts';
import { findRoute, type Route } from './path-table.ts';
import { providerRoutes } from './provider-routes.ts';
import { readBody } from './read-body.ts';

/** A backend: give it requests. It never throws; every answer is a `Response`. */
export interface Backend {
  (request: Request): Promise<Response>;
  /** Starts extensions; the first request does so by itself. Throws `PluginError` where one cannot start. */
  start(): Promise<void>;
  /** Ends extensions, the last first. Requests after that start them again. */
  close(): Promise<void>;
  readonly collector: MetricsCollector;
}

const BODY_LIMIT_BYTES = 10 * 1024 * 1024;

/**
 * A small HTTP backend over providers, as a function from `Request` to `Response` that runs wherever those do: Node (see
 * `toNodeListener` of `@patchbay/llm/node`), Bun, Deno and workers. Throws `ProviderError` of code `invalid_config` and
 * `TypeError` for options that cannot work.
 */
export function createBackend(options: BackendOptions): Backend {
  const { clock = systemClock, extensions = [], extensionConfigs = {}, bodyLimitBytes = BODY_LIMIT_BYTES } = options;
  const collector = options.collector ?? newMetricsCollector({ clock });
  const log = options.logger ? safeLines({ logger: options.logger, level: options.logLevel ?? 'info' }) : () => {};
  const providers = providersOf(options, collector, clock);
  const life: { host: Promise<ExtensionHost> | undefined; running: ExtensionHost | undefined } = {
    host: undefined,
    running: undefined,
  };
  const context: BackendContext = {
    providers,
    defaultProvider: options.defaultProvider ?? [...providers.keys()][0],
    oauth: options.oauth,
    collector,
    clock,
    startedMs: clock.monotonicMs(),
    version: options.version ?? '1.0.0',
    healthTimeoutMs: options.healthTimeoutMs ?? 10_000,
    testTimeoutMs: options.testTimeoutMs ?? 30_000,
    log,
    body: (request) => readBody(request, bodyLimitBytes),
    extensions() {
      if (life.running === undefined) throw new TypeError('The extensions have not started.');
      return life.running;
    },
  };
  const own = [opsRoutes, providerRoutes, generateRoutes, oauthRoutes].flatMap((routesOf) => routesOf(context));
  const start = async (): Promise<void> => {
    life.host ??= startExtensions(extensions, extensionConfigs, own);
    try {
      life.running = await life.host;
    } catch (error) {
      // The next request tries again: what was missing may be there by then.
      life.host = undefined;
      throw error;
    }
  };
  const layers = layersOf({ log, clock, cors: options.cors ?? {}, auth: options.auth ?? {} });
  const answer = (arrived: Arrived): Promise<Response> =>
    perform(arrived, { clock, log, start, routes: () => [...own, ...(life.running?.routes ?? [])] });
  const handle = (request: Request): Promise<Response> => layers.run(arrivedOf(request), answer);
  const close = async (): Promise<void> => {
    const { running } = life;
    life.running = life.host = undefined;
    await running?.registry.shutdown();
  };
  return Object.assign(handle, { start, close, collector });
}

/** As many as are made in one go: names twice said would hide one another. */
function providersOf(
  { providers = {}, config, parts }: BackendOptions,
  collector: MetricsCollector,
  clock: Clock,
): ReadonlyMap<string, Provider> {
  const factory = newProviderFactory({ clock, ...parts });
  registerDefaultProviders(factory);
  const named = Object.entries(config?.providers ?? {}).map(([name, each]) => [name, { name, ...each }] as const);
  const made = Object.entries(createProviders(factory, { providers: Object.fromEntries(named) }, providers));
  const given = Object.entries(providers);
  const twice = given.find(([name]) => made.some(([other]) => other === name));
  if (twice !== undefined) throw new TypeError(`"${twice[0]}" stands in both \`providers\` and \`config\`.`);
  if (given.length + made.length === 0)
    throw new TypeError('A backend needs providers. Give `providers`, or a `config` of loadConfig.');
  return new Map([...given, ...made].map(([name, each]) => [name, withMetrics(each, collector, clock)]));
}

const REQUEST_ID = /^[\w.:-]{1,128}$/;

function arrivedOf(request: Request): Arrived {
  const given = request.headers.get('x-request-id') ?? '';
  const requestId = REQUEST_ID.test(given) ? given : crypto.randomUUID().replaceAll('-', '');
  return { request, url: new URL(request.url), requestId };
}

interface Performing {
  readonly clock: Clock;
  readonly log: BackendContext['log'];
  readonly start: () => Promise<void>;
  readonly routes: () => readonly Route[];
}

async function perform(arrived: Arrived, { clock, log, start, routes }: Performing): Promise<Response> {
  const { request, url, requestId } = arrived;
  try {
    await start();
    const found = findRoute(routes(), request.method, url.pathname);
    if (found === undefined || 'allowed' in found) throw misplaced(arrived, found?.allowed);
    const data: unknown = await found.route.handle({ request, url, requestId, params: found.params });
    const response = data instanceof Response ? data : envelopeResponse(url, data, { requestId, nowMs: clock.nowMs() });
    return request.method === 'HEAD' ? withoutBody(response) : response;
  } catch (error) {
    const known = backendErrorOf('INTERNAL_ERROR', error);
    if (known.status >= 500 && !(error instanceof BackendError))
      log('error', 'A request met a fault.', { fault: error, request_id: requestId });
    return errorResponse(known, requestId, clock);
  }
}

function misplaced({ request, url }: Arrived, allowed: readonly string[] | undefined): BackendError {
  if (allowed === undefined)
    return new BackendError('NOT_FOUND', { message: `There is nothing at ${url.pathname}. See GET /api/providers.` });
  return new BackendError('METHOD_NOT_ALLOWED', {
    message: `${url.pathname} does not know ${request.method}. Use ${allowed.join(' or ')}.`,
    details: { allowed },
    headers: { allow: allowed.join(', ') },
  });
}

function envelopeResponse(url: URL, data: unknown, at: Parameters<typeof presentData>[1]): Response {
  const envelope = presentData(data, at);
  // Probes look for a flat member; the envelope is for everybody else.
  const body = url.pathname === '/health' ? { status: 'ok', ...envelope } : envelope;
  return new Response(serialized(body), { headers: { 'content-type': 'application/json' } });
}

/** What extensions and providers of one's own add may hold anything. */
function serialized(body: unknown): string {
  try {
    return JSON.stringify(body);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new BackendError('SERIALIZATION_ERROR', { message: `The answer is no JSON: ${reason}`, cause: error });
  }
}

function withoutBody(response: Response): Response {
  void response.body?.cancel();
  return new Response(null, { status: response.status, headers: response.headers });
}
