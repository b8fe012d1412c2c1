import { systemClock, type Clock } from '../../model/clock.ts';
import { failed, ok, type Failure } from '../../model/failure.ts';
import type { RateLimitInfo } from '../../model/rate-limits.ts';
import type { LimitAsk, Limiter, Reservation } from './limiter.ts';
import { createNews } from './news.ts';
import { RateLimitTracker } from './rate-limit-tracker.ts';
import { SlidingWindow } from './sliding-window.ts';
import { createWaitingLine } from './waiting-line.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** What may be asked of a provider or a model; what is absent is not limited. Whole numbers of 1 or more. */
export interface LimitRates {
  readonly requestsPerMinute?: number;
  /** Input and output together. */
  readonly tokensPerMinute?: number;
  /** In any 24 hours. */
  readonly requestsPerDay?: number;
}

/** Reads a provider's limits from headers; `readRateLimits` of `transport` does. */
export type LimitReader = (
  headers: Readonly<Record<string, string>>,
  source: { readonly provider: string; readonly model: string; readonly nowMs: number },
) => RateLimitInfo;

/** How a limiter is made. */
export interface LimiterOptions {
  readonly clock?: Clock;
  /** By provider id (`openai`: all its models together) or by model (`openai/gpt-x`); both count where both are given. */
  readonly limits?: Readonly<Record<string, LimitRates>>;
  /** Longest wait for leave, in milliseconds. Default 120 000; 0 refuses at once. */
  readonly waitMaxMs?: number;
  /** Obeys what providers say of their limits in headers. Default: only `limits` count. */
  readonly readHeaders?: LimitReader;
}

/** The code of failures that a limiter gives, by which they are told from a provider's own refusals. */
export const LIMITER_CODE = 'client_rate_limit';

/** One thing that is limited. */
interface Gauge {
  /** For messages, e.g. `tokensPerMinute of openai`. */
  readonly name: string;
  readonly waitMs: (ask: LimitAsk) => number;
  /** Counts it now; the returned function is told the tokens used, when they are known. */
  readonly take: (ask: LimitAsk) => (usedTokens: number | undefined) => void;
}

/**
 * Limits by windows that slide, and by the providers' own headers where `readHeaders` is given. Calls of one model are
 * let through in the order of coming. Throws `RangeError` when a limit makes no sense.
 */
export function createLimiter(options: LimiterOptions): Limiter {
  const { clock = systemClock, waitMaxMs = 2 * MINUTE_MS } = options;
  const gaugesFor = gaugesByAsk(options, clock);
  const line = createWaitingLine();
  const news = createNews();
  return {
    acquire: (ask, signal) => {
      const untilMs = clock.monotonicMs() + waitMaxMs;
      return line(`${ask.provider}/${ask.model}`, signal, async () => {
        const { gauges, hear } = gaugesFor(ask);
        for (;;) {
          if (signal.aborted) return failed(LEFT);
          const slowest = slowestOf(gauges, ask);
          if (slowest === undefined) break;
          if (clock.monotonicMs() + slowest.waitMs > untilMs) return failed(refusalOf(slowest, ask));
          await clock.sleep(slowest.waitMs, AbortSignal.any([signal, news.signal()]));
        }
        const settles = gauges.map((gauge) => gauge.take(ask));
        return ok(reservationOf({ hear, settles, tell: news.tell }));
      });
    },
  };
}

interface Reserving {
  readonly hear: Reservation['heard'];
  readonly settles: readonly ((usedTokens: number | undefined) => void)[];
  readonly tell: () => void;
}

function reservationOf({ hear, settles, tell }: Reserving): Reservation {
  let isSettled = false;
  return {
    heard(headers) {
      hear(headers);
      tell();
    },
    settle(usage) {
      if (isSettled) return;
      isSettled = true;
      for (const settle of settles) settle(usage && usage.inputTokens + usage.outputTokens);
      tell();
    },
  };
}

interface Slowest {
  readonly name: string;
  readonly waitMs: number;
}

/** What has to be waited for longest; `undefined` when nothing has. */
function slowestOf(gauges: readonly Gauge[], ask: LimitAsk): Slowest | undefined {
  let slowest: Slowest | undefined;
  for (const { name, waitMs: waitOf } of gauges) {
    const waitMs = waitOf(ask);
    if (waitMs > (slowest?.waitMs ?? 0)) slowest = { name, waitMs };
  }
  return slowest;
}

const LEFT: Failure = { kind: 'cancelled', message: 'The call was cancelled while it waited for leave.' };

function refusalOf({ name, waitMs }: Slowest, { tokens }: LimitAsk): Failure {
  if (waitMs < Infinity) {
    const message = `${name} is reached. Try again in ${Math.ceil(waitMs / 1000)} s, or raise the limit.`;
    return { kind: 'rate-limit', code: LIMITER_CODE, message, retryAfterMs: waitMs };
  }
  const message = `${name} is less than this one call of about ${tokens} tokens needs. Raise the limit or ask for less.`;
  return { kind: 'rate-limit', code: LIMITER_CODE, message };
}

interface Gauges {
  readonly gauges: readonly Gauge[];
  readonly hear: Reservation['heard'];
}

function gaugesByAsk({ limits = {}, readHeaders }: LimiterOptions, clock: Clock): (ask: LimitAsk) => Gauges {
  const byKey = new Map(Object.entries(limits).map(([key, rates]) => [key, windowGauges(key, rates, clock)]));
  const trackers = new Map<string, RateLimitTracker>();
  return ({ provider, model }) => {
    const gauges = [...(byKey.get(provider) ?? []), ...(byKey.get(`${provider}/${model}`) ?? [])];
    if (readHeaders === undefined) return { gauges, hear: () => undefined };
    const tracker = trackers.get(provider) ?? new RateLimitTracker(clock);
    trackers.set(provider, tracker);
    return {
      gauges: [...gauges, trackerGauge(tracker, provider)],
      hear: (headers) => tracker.update(readHeaders(headers, { provider, model, nowMs: clock.nowMs() })),
    };
  };
}

const trackerGauge = (tracker: RateLimitTracker, provider: string): Gauge => ({
  name: `The limit that ${provider} itself tells`,
  waitMs: ({ model, tokens }) => tracker.getWaitTime(model, tokens),
  take: ({ model, tokens }) => tracker.begin(model, tokens),
});

/** What each member of the rates counts, and in which time. */
const RATES: readonly (readonly [member: keyof LimitRates, windowMs: number, counts: 'requests' | 'tokens'])[] = [
  ['requestsPerMinute', MINUTE_MS, 'requests'],
  ['tokensPerMinute', MINUTE_MS, 'tokens'],
  ['requestsPerDay', DAY_MS, 'requests'],
];

function windowGauges(key: string, rates: LimitRates, clock: Clock): readonly Gauge[] {
  return RATES.flatMap(([member, windowMs, counts]): readonly Gauge[] => {
    const limit = rates[member];
    if (limit === undefined) return [];
    if (!Number.isSafeInteger(limit) || limit < 1)
      throw new RangeError(
        `limits["${key}"].${member} is ${limit}. Give a whole number of 1 or more, or leave it out.`,
      );
    const window = new SlidingWindow(limit, windowMs);
    const amountOf = ({ tokens }: LimitAsk): number => (counts === 'tokens' ? tokens : 1);
    return [
      {
        name: `${member} of ${key} (${limit})`,
        waitMs: (ask) => window.waitMs(amountOf(ask), clock.monotonicMs()),
        take: (ask) => {
          const amend = window.take(amountOf(ask), clock.monotonicMs());
          return (used) => {
            if (counts === 'tokens' && used !== undefined) amend(used - ask.tokens);
          };
        },
      },
    ];
  });
}
