import type { USAGE_OPERATIONS } from '@patchbay/contract/operations/usage-analytics';
import type { UsageRow as ShownRow, UsageSums } from '@patchbay/contract/resources/usage';
import type { Catalog } from '@patchbay/llm/catalog/catalog';

import type { Repositories, UsageRow } from '../../storage/ports.ts';
import type { CallSampler } from '../../storage/repositories/call-sample.ts';
import { csvLine } from '../csv.ts';
import { done, refused, type Handlers } from '../handler.ts';
import type { UsageParts } from './parts.ts';
import { recommendationsFor } from './recommendations.ts';
import { addUp } from './sums.ts';
import { trafficOf } from './traffic.ts';
import { timestamp } from '../timestamp.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Longest range that is told by the hour; longer ones are told by the day (UTC). */
const HOURLY_MS = 8 * DAY_MS;

/** What reports of usage stand on, and how a provider is found by its name or id. */
export interface UsageHandlerParts extends UsageParts {
  readonly rows: Pick<Repositories, 'providers'>;
  readonly sampler: CallSampler;
  /** Names of providers that can be called now. */
  readonly namesInForce: () => Iterable<string>;
}

/** A time that was asked for. */
interface Range {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Calls, tokens and money, from the log of calls. */
export function usageHandlers(parts: UsageHandlerParts): Handlers<keyof typeof USAGE_OPERATIONS> {
  return {
    'usage.dashboard': async ({ query }) => {
      const { fromMs, toMs, hours, sum } = await read(parts, query);
      const timeline = grouped(hours, ({ hourStartMs }) => String(hourStartMs)).map(([hour, rows]) => ({
        ...sum(rows),
        hour: timestamp(Number(hour)),
      }));
      return done({
        from: timestamp(fromMs),
        to: timestamp(toMs),
        totals: sum(hours),
        byProvider: byProvider(hours, sum).slice(0, query.limit),
        byModel: byModel(hours, sum).slice(0, query.limit),
        timeline,
      });
    },
    'usage.traffic': async ({ query }) => {
      const range = rangeOf(query, parts.clock.nowMs());
      return done(trafficOf(await parts.sampler.sample(range), range));
    },
    'usage.costBreakdown': async ({ query }) => {
      const { hours, sum } = await read(parts, query);
      const rows = byModel(hours, sum).map(({ providerId, model = '', costUsd, requests }) => ({
        providerId,
        model,
        costUsd,
        requests,
      }));
      const { costUsd, callsOfUnknownPrice } = sum(hours);
      const dearest = rows.toSorted((a, b) => b.costUsd - a.costUsd).slice(0, query.limit);
      return done({ totalUsd: costUsd, callsOfUnknownPrice, rows: dearest });
    },
    'usage.recommendations': async ({ query }) => {
      const { hours, sum } = await read(parts, query);
      return done({ recommendations: recommendationsFor(byModel(hours, sum)) });
    },
    'usage.ofProvider': async ({ params, query }) => {
      const name = await nameOf(parts, params.providerId);
      if (name === undefined)
        return refused({ code: 'PROVIDER_NOT_FOUND', message: `There is no provider \`${params.providerId}\`.` });
      const { hours, sum } = await read(parts, query, name);
      return done({ ...sum(hours), providerId: name });
    },
    'usage.export': async ({ query }) => {
      const { hours, sum } = await read(parts, query);
      const bytes = Buffer.from(csvOf(byModel(hours, sum)));
      const file = { name: 'usage.csv', contentType: 'text/csv; charset=utf-8', bytes };
      return { ok: true, value: undefined, file };
    },
  };
}

function rangeOf({ from, to }: Range, nowMs: number): { readonly fromMs: number; readonly toMs: number } {
  const toMs = to === undefined ? nowMs : Date.parse(to);
  return { fromMs: from === undefined ? toMs - DAY_MS : Date.parse(from), toMs };
}

async function read(parts: UsageHandlerParts, query: Range, providerId?: string) {
  const nowMs = parts.clock.nowMs();
  const { fromMs, toMs } = rangeOf(query, nowMs);
  const stepMs = toMs - fromMs <= HOURLY_MS ? HOUR_MS : DAY_MS;
  const [hours, catalog] = await Promise.all([
    parts.usage.steps({ fromMs, toMs, providerId, stepMs }),
    parts.catalog(),
  ]);
  return { fromMs, toMs, hours, sum: summing(catalog, nowMs) };
}

type Sum = (rows: readonly UsageRow[]) => UsageSums;

const summing =
  (catalog: Catalog, nowMs: number): Sum =>
  (rows) =>
    addUp(catalog, nowMs, rows);

const grouped = (
  rows: readonly UsageRow[],
  keyOf: (row: UsageRow) => string,
): readonly (readonly [string, readonly UsageRow[]])[] => [...Map.groupBy(rows, keyOf)];

const byProvider = (rows: readonly UsageRow[], sum: Sum): readonly ShownRow[] =>
  grouped(rows, ({ providerId }) => providerId)
    .map(([providerId, some]) => ({ ...sum(some), providerId }))
    .toSorted((a, b) => b.requests - a.requests);

const byModel = (rows: readonly UsageRow[], sum: Sum): readonly ShownRow[] =>
  grouped(rows, ({ providerId, model }) => JSON.stringify([providerId, model]))
    .map(([, some]) => ({ ...sum(some), providerId: some[0]?.providerId ?? '', model: some[0]?.model ?? '' }))
    .toSorted((a, b) => b.requests - a.requests);

/** The name that calls are logged under, for a name or an id. */
async function nameOf({ rows, namesInForce }: UsageHandlerParts, asked: string): Promise<string | undefined> {
  const [row] = (await rows.providers.page({ where: { identifier: asked }, limit: 1 })).items;
  const known = row ?? (await rows.providers.get(asked));
  if (known !== undefined) return known.identifier;
  return [...namesInForce()].includes(asked) ? asked : undefined;
}

const COLUMNS = [
  'providerId',
  'model',
  'requests',
  'errors',
  'inputTokens',
  'outputTokens',
  'costUsd',
  'callsOfUnknownPrice',
  'averageLatencyMs',
] as const;

const csvOf = (rows: readonly ShownRow[]): string =>
  [csvLine(COLUMNS), ...rows.map((row) => csvLine(COLUMNS.map((name) => row[name])))].join('');
