import type { CredentialLoad } from './refresh-strategy.ts';

/** Counts of one credential, by the names under which they are exported. */
export interface CredentialMetrics {
  readonly request_count: number;
  readonly success_count: number;
  readonly error_count: number;
  readonly tokens_used: number;
  readonly average_latency_ms: number;
  /** From 0 to 1; 1 while nothing was asked. */
  readonly success_rate: number;
  /** Requests of the last 60 minutes. */
  readonly requests_per_hour: number;
  readonly refresh_count: number;
  /** Absent while nothing of the kind happened. */
  readonly first_used?: Date;
  readonly last_used?: Date;
  readonly last_refresh?: Date;
}

const MINUTE_MS = 60_000;
const MINUTES = 60;

/** Counts what happens to one credential. Times are milliseconds since 1970. */
export class CredentialCounts {
  requests = 0;
  successes = 0;
  errors = 0;
  tokens = 0;
  refreshes = 0;
  lastRefreshMs: number | undefined;
  #latencyMs = 0;
  #firstMs: number | undefined;
  #lastMs: number | undefined;
  /** Requests by minute since 1970, of the last hour. */
  readonly #minutes = new Map<number, number>();

  ended(nowMs: number, latencyMs: number, isGood: boolean): void {
    this.requests += 1;
    if (isGood) this.successes += 1;
    else this.errors += 1;
    this.#latencyMs += latencyMs;
    this.#firstMs ??= nowMs;
    this.#lastMs = nowMs;
    const minute = Math.floor(nowMs / MINUTE_MS);
    this.#minutes.set(minute, (this.#minutes.get(minute) ?? 0) + 1);
    for (const each of this.#minutes.keys()) if (each <= minute - MINUTES) this.#minutes.delete(each);
  }

  refreshed(nowMs: number): void {
    this.refreshes += 1;
    this.lastRefreshMs = nowMs;
  }

  load(nowMs: number): CredentialLoad {
    const since = Math.floor(nowMs / MINUTE_MS) - MINUTES;
    let requestsPerHour = 0;
    for (const [minute, count] of this.#minutes) if (minute > since) requestsPerHour += count;
    return {
      averageLatencyMs: this.requests === 0 ? 0 : this.#latencyMs / this.requests,
      requestsPerHour,
      successRate: this.requests === 0 ? 1 : this.successes / this.requests,
    };
  }

  metrics(nowMs: number): CredentialMetrics {
    const { averageLatencyMs, requestsPerHour, successRate } = this.load(nowMs);
    return {
      request_count: this.requests,
      success_count: this.successes,
      error_count: this.errors,
      tokens_used: this.tokens,
      average_latency_ms: averageLatencyMs,
      success_rate: successRate,
      requests_per_hour: requestsPerHour,
      refresh_count: this.refreshes,
      ...(this.#firstMs !== undefined && { first_used: new Date(this.#firstMs) }),
      ...(this.#lastMs !== undefined && { last_used: new Date(this.#lastMs) }),
      ...(this.lastRefreshMs !== undefined && { last_refresh: new Date(this.lastRefreshMs) }),
    };
  }
}

const SERIES = [
  ['oauth_requests_total', 'Requests made with the credential.', 'request_count'],
  ['oauth_success_total', 'Requests that went well.', 'success_count'],
  ['oauth_errors_total', 'Requests that failed.', 'error_count'],
  ['oauth_tokens_total', 'Tokens of the model that the requests used.', 'tokens_used'],
  ['oauth_refreshes_total', 'Renewals of the access token.', 'refresh_count'],
] as const satisfies readonly (readonly [string, string, keyof CredentialMetrics])[];

/** The counts of all credentials as Prometheus reads them. */
export function prometheusOf(all: ReadonlyMap<string, CredentialMetrics>): string {
  return SERIES.map(([name, help, member]) => {
    const lines = [...all].map(([id, metrics]) => `${name}{credential="${escaped(id)}"} ${metrics[member]}`);
    return [`# HELP ${name} ${help}`, `# TYPE ${name} counter`, ...lines, ''].join('\n');
  }).join('');
}

const escaped = (label: string): string =>
  label
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`);
