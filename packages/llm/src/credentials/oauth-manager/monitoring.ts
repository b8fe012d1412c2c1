import type { Clock } from '../../model/clock.ts';
import { failed, ok, type Result } from '../../model/failure.ts';
import type { Exchange } from '../../transport/exchange.ts';
import { withDeadline } from '../with-deadline.ts';

/** What can be told of a credential. */
export const MONITORING_EVENTS = ['refresh', 'failure', 'rotation', 'expiry_warning'] as const;
/** One of them. */
export type MonitoringEventType = (typeof MONITORING_EVENTS)[number];

/** Whom to tell, and of what. Durations are in milliseconds. */
export interface MonitoringConfig {
  /** Where events are posted as JSON. Absent: nowhere. */
  readonly webhookUrl?: string;
  /** Default: all of them. */
  readonly webhookEvents?: readonly MonitoringEventType[];
  /** Told of the same events in this process. Must not throw. */
  readonly onEvent?: (event: MonitoringEvent) => void;
  /** Share of failed requests above which a `failure` is told. Default 0.25. */
  readonly highFailureRate?: number;
  /** Fewer requests say nothing. Default 10. */
  readonly minRequests?: number;
  /** How long before its end a token that nobody can renew is warned of. Default one day. */
  readonly expiryWarning?: number;
  /** Nothing is told again of the same credential and cause for so long. Default one hour. */
  readonly alertCooldown?: number;
}

/** One event as it is posted. */
export interface MonitoringEvent {
  readonly type: MonitoringEventType;
  readonly credential_id: string;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly message: string;
  readonly details: Readonly<Record<string, string | number>>;
}

/** What became of the events. */
export interface DeliveryCounts {
  readonly delivered: number;
  readonly failed: number;
  /** Not sent, because too many were on their way. */
  readonly dropped: number;
  /** Why the last one failed. */
  readonly lastError?: string;
}

/** What happened, before it is an event. `cause` is what the cooldown goes by; without one, every event is told. */
export interface Happening {
  readonly type: MonitoringEventType;
  readonly id: string;
  readonly message: string;
  readonly cause?: string;
  readonly details?: MonitoringEvent['details'];
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** More than this many on their way at a time are not sent: calls must never wait for somebody who listens. */
const SENDING_MAX = 100;
const SEND_MS = 10_000;

/** Posts events about credentials, beside the calls that cause them. */
export class Monitoring {
  readonly #clock: Clock;
  readonly #exchange: Exchange;
  #config: MonitoringConfig = {};
  readonly #toldAtMs = new Map<string, number>();
  readonly #sending = new Set<Promise<void>>();
  #delivered = 0;
  #failed = 0;
  #dropped = 0;
  #lastError: string | undefined;

  constructor(clock: Clock, exchange: Exchange) {
    this.#clock = clock;
    this.#exchange = exchange;
  }

  configure(config: MonitoringConfig): void {
    this.#config = config;
  }

  /** How long before its end a token is warned of, in milliseconds. */
  get warningMs(): number {
    return this.#config.expiryWarning ?? DAY_MS;
  }

  /** True for counts of requests that are to be told of. */
  isFailing(requests: number, errors: number): boolean {
    const { minRequests = 10, highFailureRate = 0.25 } = this.#config;
    return requests >= minRequests && errors / requests > highFailureRate;
  }

  tell({ type, id, message, cause, details = {} }: Happening): void {
    const { webhookEvents = MONITORING_EVENTS, webhookUrl, onEvent } = this.#config;
    if (!webhookEvents.includes(type) || (cause !== undefined && this.#isCooling(`${type} ${cause} ${id}`))) return;
    const timestamp = new Date(this.#clock.nowMs()).toISOString();
    const event: MonitoringEvent = { type, credential_id: id, timestamp, message, details };
    onEvent?.(event);
    if (webhookUrl === undefined) return;
    if (this.#sending.size >= SENDING_MAX) {
      this.#dropped += 1;
      return;
    }
    const sending: Promise<void> = this.#send(webhookUrl, event).finally(() => this.#sending.delete(sending));
    this.#sending.add(sending);
  }

  /** Resolves when everything told so far has been sent, or has failed. */
  async flush(): Promise<void> {
    await Promise.all(this.#sending);
  }

  counts(): DeliveryCounts {
    return {
      delivered: this.#delivered,
      failed: this.#failed,
      dropped: this.#dropped,
      ...(this.#lastError !== undefined && { lastError: this.#lastError }),
    };
  }

  /** Forgets what was told of a credential that is gone. */
  forget(id: string): void {
    for (const key of this.#toldAtMs.keys()) if (key.endsWith(` ${id}`)) this.#toldAtMs.delete(key);
  }

  #isCooling(key: string): boolean {
    const nowMs = this.#clock.nowMs();
    const isCooling = nowMs - (this.#toldAtMs.get(key) ?? -Infinity) < (this.#config.alertCooldown ?? HOUR_MS);
    if (!isCooling) this.#toldAtMs.set(key, nowMs);
    return isCooling;
  }

  async #send(url: string, event: MonitoringEvent): Promise<void> {
    const sent = await withDeadline(this.#clock, SEND_MS, undefined, (signal) => this.#post(url, event, signal));
    if (sent.ok) this.#delivered += 1;
    else {
      this.#failed += 1;
      this.#lastError = sent.failure.message;
    }
  }

  async #post(url: string, event: MonitoringEvent, signal: AbortSignal): Promise<Result<undefined>> {
    const headers = { 'content-type': 'application/json' };
    const sent = await this.#exchange.send({ method: 'POST', url, headers, body: JSON.stringify(event) }, signal);
    if (!sent.ok) return sent;
    const { status, body } = sent.value;
    try {
      // Only what was read to its end gives the connection back.
      for await (const _ of body) if (signal.aborted) break;
    } catch (error) {
      return failed({ kind: 'network', message: 'The answer of the webhook broke off.', detail: String(error) });
    }
    return status < 300
      ? ok(undefined)
      : failed({ kind: 'upstream', status, message: `The webhook answered ${status}.` });
  }
}
