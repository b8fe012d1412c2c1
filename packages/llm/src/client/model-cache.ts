import type { Clock } from '../model/clock.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How long a list of models is believed, by provider: local servers change with every download, vendors rarely. */
const LIFETIMES_MS: Readonly<Record<string, number>> = {
  openai: 24 * HOUR_MS,
  openrouter: 12 * HOUR_MS,
  gemini: 2 * HOUR_MS,
  ollama: 5 * MINUTE_MS,
};
const LIFETIME_MS = 6 * HOUR_MS;

interface Kept<T> {
  readonly models: T;
  readonly readAtMs: number;
}

/** Lists of models by provider, each believed for its time. */
export class ModelCache<T> {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #kept = new Map<string, Kept<T>>();

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  /** The list if it is still believed. */
  fresh(providerId: string): T | undefined {
    const kept = this.#kept.get(providerId);
    if (kept === undefined) return undefined;
    const lifetimeMs = LIFETIMES_MS[providerId] ?? LIFETIME_MS;
    return this.#clock.monotonicMs() - kept.readAtMs < lifetimeMs ? kept.models : undefined;
  }

  /** The list however old it is: better than none when the provider cannot be asked. */
  stale(providerId: string): T | undefined {
    return this.#kept.get(providerId)?.models;
  }

  keep(providerId: string, models: T): void {
    this.#kept.set(providerId, { models, readAtMs: this.#clock.monotonicMs() });
  }
}
