import type { Quantiles, Traffic, TrafficRow, TrafficSums } from '@patchbay/contract/resources/usage';

import type { CallSample, SampledAttempt } from '../../storage/repositories/call-sample.ts';
import { timestamp } from '../timestamp.ts';

const MINUTE_MS = 60_000;
/** Widths that people read at a glance, in minutes. */
const STEPS_MIN = [1, 5, 15, 30, 60, 120, 180, 360, 720, 1440] as const;
const STEPS_MAX = 100;
/** Rows of a ranking that are told. */
const RANKED_MAX = 50;

/** The time that figures are of. */
export interface TrafficRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Adds attempts up to requests, over time and by what they went to. */
export function trafficOf({ attempts, weight }: CallSample, { fromMs, toMs }: TrafficRange): Traffic {
  const requests = requestsOf(attempts);
  const stepMs = stepOf(toMs - fromMs);
  const begins = Math.floor(fromMs / stepMs) * stepMs;
  const byStep = Map.groupBy(requests, ({ startedAtMs }) => Math.floor((startedAtMs - begins) / stepMs));
  const steps = Array.from({ length: Math.max(1, Math.ceil((toMs - begins) / stepMs)) }, (_, at) => at);
  return {
    from: timestamp(fromMs),
    to: timestamp(toMs),
    stepMs,
    isEstimate: weight > 1,
    attemptsRead: attempts.length,
    totals: addUp(requests, weight),
    timeline: steps.map((at) => ({ ...addUp(byStep.get(at) ?? [], weight), at: timestamp(begins + at * stepMs) })),
    byModel: ranked(requests, weight, ({ model }) => model),
    byProvider: ranked(requests, weight, ({ providerId }) => providerId),
    byAccount: ranked(requests, weight, ({ accountId }) => accountId),
    byKey: ranked(requests, weight, ({ keyId }) => keyId),
  };
}

const stepOf = (spanMs: number): number =>
  (STEPS_MIN.find((minutes) => spanMs / (minutes * MINUTE_MS) <= STEPS_MAX) ??
    Math.ceil(spanMs / STEPS_MAX / (1440 * MINUTE_MS)) * 1440) * MINUTE_MS;

/** One request over all its attempts; named by the last of them, which answered or gave up. */
interface Request extends Pick<SampledAttempt, 'startedAtMs' | 'providerId' | 'accountId' | 'keyId'> {
  readonly model: string;
  readonly isError: boolean;
  readonly latencyMs: number;
  readonly firstTokenMs: number | undefined;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costNanoUsd: number;
}

function requestsOf(attempts: readonly SampledAttempt[]): readonly Request[] {
  return [...Map.groupBy(attempts, ({ callId }) => callId).values()].flatMap((some) => {
    const [first, last] = [some[0], some.at(-1)];
    if (first === undefined || last === undefined) return [];
    const { providerId, accountId, keyId, state, httpStatus, firstTokenMs } = last;
    const waitedMs = last.startedAtMs - first.startedAtMs;
    return {
      startedAtMs: first.startedAtMs,
      providerId,
      accountId,
      keyId,
      model: last.model ?? last.requestedModel,
      isError: state !== 'cancelled' && (state === 'failed' || httpStatus >= 400),
      latencyMs: last.durationMs,
      firstTokenMs: firstTokenMs === undefined ? undefined : waitedMs + firstTokenMs,
      inputTokens: sumOf(some, 'inputTokens'),
      outputTokens: sumOf(some, 'outputTokens'),
      costNanoUsd: sumOf(some, 'costNanoUsd'),
    };
  });
}

type Counted = 'inputTokens' | 'outputTokens' | 'costNanoUsd';

const sumOf = (items: readonly Readonly<Record<Counted, number>>[], name: Counted): number =>
  items.reduce((sum, each) => sum + each[name], 0);

function addUp(requests: readonly Request[], weight: number): TrafficSums {
  const weighed = (count: number): number => Math.round(count * weight);
  return {
    requests: weighed(requests.length),
    errors: weighed(requests.filter(({ isError }) => isError).length),
    inputTokens: weighed(sumOf(requests, 'inputTokens')),
    outputTokens: weighed(sumOf(requests, 'outputTokens')),
    costUsd: weighed(sumOf(requests, 'costNanoUsd')) / 1e9,
    latencyMs: quantilesOf(requests.map(({ latencyMs }) => latencyMs)),
    firstTokenMs: quantilesOf(requests.flatMap(({ firstTokenMs }) => firstTokenMs ?? [])),
  };
}

/** By nearest rank: each is a time that was really measured. */
function quantilesOf(values: readonly number[]): Quantiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number | null => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

function ranked(
  requests: readonly Request[],
  weight: number,
  nameOf: (request: Request) => string | undefined,
): TrafficRow[] {
  const named = requests.filter((each) => (nameOf(each) ?? '') !== '');
  return [...Map.groupBy(named, (each) => nameOf(each) ?? '')]
    .map(([name, some]) => ({ ...addUp(some, weight), name }))
    .toSorted((a, b) => b.requests - a.requests || a.name.localeCompare(b.name))
    .slice(0, RANKED_MAX);
}
