import { systemClock, type Clock } from '../model/clock.ts';
import type { CostCalculator } from './cost-calculator.ts';
import { METRIC_EVENT_TYPES, type MetricEvent, type MetricEventType, type MetricFilter } from './metric-event.ts';
import { createPrometheusText } from './prometheus-text.ts';
import { createFeed, type Feed, type Subscription } from './subscription.ts';
import { Tally, type Totals } from './tally.ts';

/** Providers, and models, that are counted apart; the rest is counted together as `other`. */
const SERIES_MAX = 1000;
const OTHER = 'other';
/** Events that a subscription holds for a slow reader, unless it asks for another number. */
const BUFFER_MAX = 100;

/** Failed requests by what they have in common. */
export interface ErrorTotals {
  readonly total: number;
  readonly byType: Readonly<Record<string, number>>;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly byProvider: Readonly<Record<string, number>>;
  readonly byModel: Readonly<Record<string, number>>;
  readonly consecutive: number;
  readonly last?: string;
}

/** Everything counted since the start or the last `reset`; a copy that no longer changes. */
export interface MetricsSnapshot extends Totals {
  readonly atMs: number;
  /** Since the start or the last `reset`. */
  readonly uptimeMs: number;
  readonly events: Readonly<Record<MetricEventType, number>>;
  readonly errorTotals: ErrorTotals;
  readonly providers: Readonly<Record<string, Totals>>;
  /** By `provider/model`. */
  readonly models: Readonly<Record<string, Totals>>;
}

/** How a collector is made. */
export interface CollectorOptions {
  readonly clock?: Clock;
  /** Prices what comes without a price. Default: it stays without. */
  readonly costs?: CostCalculator;
}

/** Counts what happens and tells it to whoever listens. */
export interface MetricsCollector {
  recordEvent(event: MetricEvent): void;
  recordEvents(events: Iterable<MetricEvent>): void;
  getSnapshot(): MetricsSnapshot;
  /** `undefined` for a provider of which nothing was recorded. */
  getProviderMetrics(provider: string): Totals | undefined;
  getModelMetrics(provider: string, model: string): Totals | undefined;
  /** All events from now on. `bufferMax` wait for a slow reader, default 100; what comes then is lost and counted. */
  subscribe(bufferMax?: number): Subscription;
  subscribeFiltered(filter: MetricFilter, bufferMax?: number): Subscription;
  /** Calls `hook` with every event, at once; what it throws is ignored. The returned function ends that. */
  registerHook(hook: (event: MetricEvent) => void): () => void;
  /** Everything as Prometheus text (exposition format 0.0.4). */
  exportPrometheus(): string;
  /** Forgets all counts; who listens goes on listening. */
  reset(): void;
  /** Ends all subscriptions and hooks; what is recorded later is lost. */
  close(): void;
}

interface Counts {
  readonly startedAtMs: number;
  readonly all: Tally;
  readonly providers: Map<string, Tally>;
  readonly models: Map<string, Tally>;
  readonly errorTypes: Map<string, number>;
  readonly errorStatuses: Map<string, number>;
  readonly prometheus: ReturnType<typeof createPrometheusText>;
}

/** Makes a collector. */
export function createMetricsCollector({ clock = systemClock, costs }: CollectorOptions = {}): MetricsCollector {
  const feeds = new Set<Feed>();
  const hooks = new Set<(event: MetricEvent) => void>();
  let counts = noCounts(clock.nowMs());
  let isClosed = false;
  const recordEvent = (said: MetricEvent): void => {
    if (isClosed) return;
    const event = priced(said, costs);
    const atMs = event.atMs ?? clock.nowMs();
    count(counts, event, atMs);
    if (feeds.size + hooks.size > 0) tell(feeds, hooks, { ...event, atMs });
  };
  const subscribeFiltered = (filter: MetricFilter, bufferMax = BUFFER_MAX): Subscription => {
    const feed = createFeed(filter, Math.max(1, Math.trunc(bufferMax)), (closed) => feeds.delete(closed));
    if (isClosed) feed.subscription.close();
    else feeds.add(feed);
    return feed.subscription;
  };
  return {
    recordEvent,
    recordEvents: (events) => [...events].forEach(recordEvent),
    getSnapshot: () => snapshotOf(counts, clock.nowMs()),
    getProviderMetrics: (provider) => counts.providers.get(provider)?.totals(),
    getModelMetrics: (provider, model) => counts.models.get(`${provider}/${model}`)?.totals(),
    subscribe: (bufferMax) => subscribeFiltered({}, bufferMax),
    subscribeFiltered,
    registerHook(hook) {
      hooks.add(hook);
      return () => void hooks.delete(hook);
    },
    exportPrometheus: () => counts.prometheus.render(),
    reset: () => void (counts = noCounts(clock.nowMs())),
    close() {
      isClosed = true;
      hooks.clear();
      for (const { subscription } of feeds) subscription.close();
    },
  };
}

const noCounts = (startedAtMs: number): Counts => ({
  startedAtMs,
  all: new Tally(),
  providers: new Map(),
  models: new Map(),
  errorTypes: new Map(),
  errorStatuses: new Map(),
  prometheus: createPrometheusText(),
});

function priced(event: MetricEvent, costs: CostCalculator | undefined): MetricEvent {
  if (costs === undefined || event.usage === undefined || event.costNanoUsd !== undefined) return event;
  const cost = costs.calculate(event.provider, event.model ?? '', event.usage);
  return cost === undefined ? event : { ...event, costNanoUsd: cost.nanoUsd };
}

function count(counts: Counts, event: MetricEvent, atMs: number): void {
  counts.all.add(event, atMs);
  tallyOf(counts.providers, event.provider).add(event, atMs);
  if (event.model !== undefined) tallyOf(counts.models, `${event.provider}/${event.model}`).add(event, atMs);
  if (event.type === 'error') {
    increment(counts.errorTypes, event.errorType ?? 'unknown');
    if (event.status !== undefined) increment(counts.errorStatuses, String(event.status));
  }
  counts.prometheus.record(event);
}

function tallyOf(tallies: Map<string, Tally>, name: string): Tally {
  const key = tallies.size >= SERIES_MAX && !tallies.has(name) ? OTHER : name;
  const tally = tallies.get(key) ?? new Tally();
  tallies.set(key, tally);
  return tally;
}

function increment(numbers: Map<string, number>, name: string): void {
  const key = numbers.size >= SERIES_MAX && !numbers.has(name) ? OTHER : name;
  numbers.set(key, (numbers.get(key) ?? 0) + 1);
}

/** Whoever watches must not break what is watched. */
function tell(feeds: ReadonlySet<Feed>, hooks: ReadonlySet<(event: MetricEvent) => void>, event: MetricEvent): void {
  for (const feed of feeds) feed.push(event);
  for (const hook of hooks) {
    try {
      hook(event);
    } catch {
      continue;
    }
  }
}

function snapshotOf(counts: Counts, nowMs: number): MetricsSnapshot {
  const all = counts.all.totals();
  const errorsOf = (tallies: ReadonlyMap<string, Tally>): Record<string, number> =>
    Object.fromEntries(
      [...tallies].flatMap(([name, tally]) => (tally.count('error') > 0 ? [[name, tally.count('error')]] : [])),
    );
  const totalsOf = (tallies: ReadonlyMap<string, Tally>): Record<string, Totals> =>
    Object.fromEntries([...tallies].map(([name, tally]) => [name, tally.totals()]));
  return {
    ...all,
    atMs: nowMs,
    uptimeMs: nowMs - counts.startedAtMs,
    events: Object.fromEntries(METRIC_EVENT_TYPES.map((type) => [type, counts.all.count(type)])) as Record<
      MetricEventType,
      number
    >,
    errorTotals: {
      total: all.errors,
      byType: Object.fromEntries(counts.errorTypes),
      byStatus: Object.fromEntries(counts.errorStatuses),
      byProvider: errorsOf(counts.providers),
      byModel: errorsOf(counts.models),
      consecutive: all.consecutiveErrors,
      ...(all.lastError !== undefined && { last: all.lastError }),
    },
    providers: totalsOf(counts.providers),
    models: totalsOf(counts.models),
  };
}
