import type { KIT_METRICS_OPERATIONS } from '@patchbay/contract/operations/kit-metrics';
import type { KitSums } from '@patchbay/contract/resources/kit-metrics';
import type { UsageSums } from '@patchbay/contract/resources/usage';

import { done, type Circumstances, type Handlers } from '../handler.ts';
import { kitEnveloped, type KitParts } from './parts.ts';

const DAY_S = 86_400;
/** As many rows as a day's report has at most. */
const DAY = { params: undefined, query: { limit: 1000 }, body: undefined };

/** What was counted, from the log of calls that every other report stands on. */
export function metricsHandlers(parts: KitParts): Handlers<keyof typeof KIT_METRICS_OPERATIONS> {
  const { clock, registry } = parts;
  const startedMs = clock.monotonicMs();
  const day = async (circumstances: Circumstances) => {
    const read = await parts.usage['usage.dashboard'](DAY, circumstances);
    if (!read.ok) throw new Error(read.failure.message);
    return read.value;
  };
  return {
    'kit.metrics': async (_, circumstances) => {
      const { from, to, totals, byProvider, byModel } = await day(circumstances);
      const providers = named(byProvider, ({ providerId }) => providerId);
      const models = named(byModel, ({ providerId, model = '' }) => `${providerId}/${model}`);
      return done(kitEnveloped(parts, circumstances, { from, to, ...presentSums(totals), providers, models }));
    },
    'kit.metricsOfProviders': async (_, circumstances) => {
      const called = named((await day(circumstances)).byProvider, ({ providerId }) => providerId);
      const names = [...new Set([...registry.current().runtimes.keys(), ...Object.keys(called)])];
      const providers = Object.fromEntries(names.map((name) => [name, called[name] ?? null]));
      return done(kitEnveloped(parts, circumstances, { providers }));
    },
    'kit.metricsOfSystem': async (_, circumstances) => {
      const { requests, errors } = (await day(circumstances)).totals;
      const { rss, heapUsed: heap_used, heapTotal: heap_total } = process.memoryUsage();
      const uptime = Math.floor((clock.monotonicMs() - startedMs) / 1000);
      const system = { uptime, counted_for: DAY_S, requests, errors, memory: { rss, heap_used, heap_total } };
      return done(kitEnveloped(parts, circumstances, system));
    },
    'kit.metricsOfRacing': async (_, circumstances) => {
      const seats = [...registry.current().runtimes.values()].flatMap(({ pool }) => [...pool.seats]);
      const open = seats.filter((seat) => [...seat.rests(clock.monotonicMs())].length > 0).length;
      const racing = { races: 0 as const, switches: await parts.switchesOfDay(), circuits: { open }, providers: {} };
      return done(kitEnveloped(parts, circumstances, racing));
    },
  };
}

const named = <Row extends UsageSums>(rows: readonly Row[], nameOf: (row: Row) => string): Record<string, KitSums> =>
  Object.fromEntries(rows.map((row) => [nameOf(row), presentSums(row)]));

function presentSums({ requests, errors, inputTokens, outputTokens, ...rest }: UsageSums): KitSums {
  const successes = requests - errors;
  return {
    requests,
    successes,
    errors,
    success_rate: requests === 0 ? null : successes / requests,
    average_latency: rest.averageLatencyMs,
    tokens: { input: inputTokens, output: outputTokens, total: inputTokens + outputTokens },
    cost: { total: rest.costUsd, currency: 'USD', calls_of_unknown_price: rest.callsOfUnknownPrice },
  };
}
