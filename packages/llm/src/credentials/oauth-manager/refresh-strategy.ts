/** When tokens are renewed ahead of their end. Durations are in milliseconds. */
export interface RefreshStrategy {
  /** How long before the end. Default 5 minutes. */
  readonly bufferTime?: number;
  /** Whether that grows with latency, traffic and failures, between the bounds. Default false. */
  readonly adaptiveBuffer?: boolean;
  /** Bounds of an adaptive buffer. Default 1 and 15 minutes; `bufferTime` itself is always allowed. */
  readonly minBuffer?: number;
  readonly maxBuffer?: number;
  /** Whether the buffer doubles under load. Default false. */
  readonly preemptiveRefresh?: boolean;
  /** More requests an hour than this are load. Default 100. */
  readonly highTrafficThreshold?: number;
}

/** What an adaptive buffer goes by. */
export interface CredentialLoad {
  readonly averageLatencyMs: number;
  readonly requestsPerHour: number;
  /** From 0 to 1; 1 while nothing was asked. */
  readonly successRate: number;
}

const MINUTE_MS = 60_000;

/** Five minutes ahead, whatever happens. */
export const DEFAULT_REFRESH_STRATEGY: Required<RefreshStrategy> = {
  bufferTime: 5 * MINUTE_MS,
  adaptiveBuffer: false,
  minBuffer: MINUTE_MS,
  maxBuffer: 15 * MINUTE_MS,
  preemptiveRefresh: false,
  highTrafficThreshold: 100,
};

/** Five minutes ahead, earlier for slow, busy or failing accounts, and twice as early under load. */
export const ADAPTIVE_REFRESH_STRATEGY: Required<RefreshStrategy> = {
  ...DEFAULT_REFRESH_STRATEGY,
  adaptiveBuffer: true,
  preemptiveRefresh: true,
};

/** A quarter of an hour ahead, and half an hour already under little load. */
export const CONSERVATIVE_REFRESH_STRATEGY: Required<RefreshStrategy> = {
  bufferTime: 15 * MINUTE_MS,
  adaptiveBuffer: false,
  minBuffer: 10 * MINUTE_MS,
  maxBuffer: 30 * MINUTE_MS,
  preemptiveRefresh: true,
  highTrafficThreshold: 50,
};

const STEP_MS = 30_000;
const LATENCY_STEP_MS = 100;
const TRAFFIC_STEP = 10;
const GOOD_RATE = 0.95;
const FAILING_MS = 600_000;

/** The strategy with the defaults in the places that are left open. */
export const strategyOf = (strategy: RefreshStrategy): Required<RefreshStrategy> => {
  const whole = { ...DEFAULT_REFRESH_STRATEGY, ...strategy };
  const { bufferTime, minBuffer, maxBuffer } = whole;
  return { ...whole, minBuffer: Math.min(minBuffer, bufferTime), maxBuffer: Math.max(maxBuffer, bufferTime) };
};

/**
 * How long before its end a token is renewed, in milliseconds. Adaptive: 30 s more for every 100 ms of latency and for
 * every 10 requests an hour above 10, and (0.95 − success) × 600 s below 95 %, kept within the bounds; preemptive: twice
 * that above the threshold.
 */
export function bufferMs(strategy: Required<RefreshStrategy>, load: CredentialLoad): number {
  const { bufferTime, adaptiveBuffer, minBuffer, maxBuffer, preemptiveRefresh, highTrafficThreshold } = strategy;
  const wanted = adaptiveBuffer ? bufferTime + moreMs(load) : bufferTime;
  const bounded = adaptiveBuffer ? Math.min(maxBuffer, Math.max(minBuffer, wanted)) : wanted;
  return preemptiveRefresh && load.requestsPerHour > highTrafficThreshold ? bounded * 2 : bounded;
}

function moreMs({ averageLatencyMs, requestsPerHour, successRate }: CredentialLoad): number {
  const forLatency = Math.floor(averageLatencyMs / LATENCY_STEP_MS) * STEP_MS;
  const forTraffic = Math.max(0, Math.floor((requestsPerHour - TRAFFIC_STEP) / TRAFFIC_STEP)) * STEP_MS;
  return forLatency + forTraffic + Math.max(0, GOOD_RATE - successRate) * FAILING_MS;
}
