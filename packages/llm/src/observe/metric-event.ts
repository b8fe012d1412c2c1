import type { Usage } from '../model/usage.ts';

/**
 * What can happen. `request`, `success` and `error` speak of one request to one provider: a call that was tried twice
 * makes two. `rate_limit` and `timeout` stand beside the `error` that they explain.
 */
export const METRIC_EVENT_TYPES = [
  'request',
  'success',
  'error',
  'rate_limit',
  'timeout',
  'health_check',
  'initialization',
  'token_refresh',
  'stream_start',
  'stream_chunk',
  'stream_end',
  'stream_abort',
  'provider_switch',
  'race_complete',
  'circuit_open',
  'circuit_close',
] as const;

/** One of the sixteen. */
export type MetricEventType = (typeof METRIC_EVENT_TYPES)[number];

/** Something that happened. What is absent is not known or does not apply. */
export interface MetricEvent {
  readonly type: MetricEventType;
  /** The name of the provider it happened at. */
  readonly provider: string;
  /** What kind of provider that is, where names are the user's own. */
  readonly providerType?: string;
  readonly model?: string;
  /** Milliseconds since 1970. Default: when it is recorded. */
  readonly atMs?: number;
  readonly latencyMs?: number;
  /** From the request to the first output, in milliseconds. */
  readonly firstOutputMs?: number;
  readonly usage?: Usage;
  /** Whole billionths of a dollar. */
  readonly costNanoUsd?: number;
  /** A failure's kind, e.g. `overloaded`. */
  readonly errorType?: string;
  readonly errorMessage?: string;
  /** The provider's HTTP status. */
  readonly status?: number;
  /** Which try at the same call it was; the first is 1. */
  readonly attempt?: number;
  readonly metadata?: Readonly<Record<string, string | number | boolean>>;
}

/** What a subscriber wants to hear of; everything that is said must hold, one of each list. */
export interface MetricFilter {
  readonly providers?: readonly string[];
  readonly providerTypes?: readonly string[];
  readonly models?: readonly string[];
  readonly types?: readonly MetricEventType[];
  /** Only events that took at least so long. */
  readonly latencyMinMs?: number;
  readonly errorTypes?: readonly string[];
}

/** Whether the filter lets the event through. */
export function passes(filter: MetricFilter, event: MetricEvent): boolean {
  const among = (list: readonly string[] | undefined, value: string | undefined): boolean =>
    list === undefined || (value !== undefined && list.includes(value));
  return (
    among(filter.types, event.type) &&
    among(filter.providers, event.provider) &&
    among(filter.providerTypes, event.providerType) &&
    among(filter.models, event.model) &&
    among(filter.errorTypes, event.errorType) &&
    (filter.latencyMinMs === undefined || (event.latencyMs ?? -1) >= filter.latencyMinMs)
  );
}
