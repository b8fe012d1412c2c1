import { isOAuth } from '../credentials/authenticators/authenticator.ts';
import type { BackendContext } from './context.ts';
import type { Route } from './path-table.ts';
import { presentProvider, snakeMembers } from './present.ts';

/** How the backend is, and what it counted. */
export const opsRoutes = (context: BackendContext): readonly Route[] => [
  { method: 'GET', path: '/health', handle: () => health(context) },
  { method: 'GET', path: '/status', handle: () => status(context) },
  { method: 'GET', path: '/version', handle: () => ({ version: context.version, api: 'v1' }) },
  { method: 'GET', path: '/metrics', handle: () => prometheus(context) },
  { method: 'GET', path: '/api/metrics', handle: () => snakeMembers(context.collector.getSnapshot()) },
  { method: 'GET', path: '/api/metrics/providers', handle: () => byProvider(context) },
  { method: 'GET', path: '/api/metrics/system', handle: () => system(context) },
  { method: 'GET', path: '/api/metrics/racing', handle: () => racing(context) },
];

const uptimeS = ({ clock, startedMs }: BackendContext): number => Math.floor((clock.monotonicMs() - startedMs) / 1000);

const health = (context: BackendContext) => ({ status: 'ok', version: context.version, uptime: uptimeS(context) });

async function status(context: BackendContext) {
  const { oauth, providers, extensions } = context;
  const accounts = (await oauth?.getAuthStatus()) ?? [];
  return {
    ...health(context),
    providers: [...providers].map(([name, provider]) => ({ ...presentProvider(provider), name })),
    extensions: extensions().registry.names,
    oauth: accounts
      .filter(({ provider }) => oauth !== undefined && isOAuth(oauth.getAuthenticator(provider)))
      .map(({ provider, isAuthenticated }) => ({ provider, authenticated: isAuthenticated })),
  };
}

const prometheus = ({ collector }: BackendContext): Response =>
  new Response(collector.exportPrometheus(), { headers: { 'content-type': 'text/plain; version=0.0.4' } });

const byProvider = ({ collector, providers }: BackendContext) => ({
  providers: Object.fromEntries(
    [...providers.keys()].map((name) => [name, snakeMembers(collector.getProviderMetrics(name) ?? null)]),
  ),
});

function system(context: BackendContext) {
  const { uptimeMs, events, errorTotals, requests } = context.collector.getSnapshot();
  // Only where there is a process: workers and browsers do not say.
  const memory = globalThis.process?.memoryUsage?.();
  return {
    uptime: uptimeS(context),
    counted_for: Math.floor(uptimeMs / 1000),
    requests,
    errors: errorTotals.total,
    events,
    ...(memory && { memory: { rss: memory.rss, heap_used: memory.heapUsed, heap_total: memory.heapTotal } }),
  };
}

/** Races and breakers, as virtual providers tell the collector that they were made with. */
function racing({ collector, providers }: BackendContext) {
  const { events } = collector.getSnapshot();
  const racers = [...providers].filter(([, provider]) => provider.type() === 'racing');
  return {
    races: events.race_complete,
    switches: events.provider_switch,
    circuits: { opened: events.circuit_open, closed: events.circuit_close },
    providers: Object.fromEntries(racers.map(([name, provider]) => [name, snakeMembers(provider.getMetrics())])),
  };
}
