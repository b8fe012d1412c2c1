import { sign } from '@patchbay/llm/credentials/signers/sign';
import type { Clock } from '@patchbay/llm/model/clock';
import { arrayOf, isObject, numberOf, objectOf, parseJson, textOf } from '@patchbay/llm/wire/read';

import type { DeadlineWheel } from '../relay/deadline-wheel.ts';
import { fetchWhole } from '../relay/fetch-whole.ts';
import type { ProviderRuntime } from './ports.ts';

/** A model as its provider lists it. */
export interface ProviderModel {
  readonly providerId: string;
  /** The provider's own name. */
  readonly name: string;
  /** Milliseconds since 1970; 0 when the provider does not say. */
  readonly createdAtMs: number;
}

interface CachedList {
  readonly models: readonly ProviderModel[];
  readonly untilMs: number;
}

const FRESH_MS = 300_000;
/** A provider that did not answer is not asked again at once. */
const FAILED_MS = 30_000;
const TIMEOUT_MS = 3000;

/** What the providers say they have, asked when someone wants to know and kept for five minutes. */
export class ModelLists {
  readonly #runtimes: readonly ProviderRuntime[];
  readonly #fixed: readonly ProviderModel[];
  readonly #wheel: DeadlineWheel;
  readonly #clock: Clock;
  readonly #cache = new Map<string, CachedList>();
  readonly #asking = new Map<string, Promise<readonly ProviderModel[]>>();

  constructor(parts: {
    runtimes: readonly ProviderRuntime[];
    fixed: readonly ProviderModel[];
    wheel: DeadlineWheel;
    clock: Clock;
  }) {
    this.#runtimes = parts.runtimes;
    this.#fixed = parts.fixed;
    this.#wheel = parts.wheel;
    this.#clock = parts.clock;
  }

  /** What is known without asking anyone. */
  known(): readonly ProviderModel[] {
    return [...this.#fixed, ...[...this.#cache.values()].flatMap(({ models }) => models)];
  }

  async all(): Promise<readonly ProviderModel[]> {
    const lists = await Promise.all(this.#runtimes.map((runtime) => this.#list(runtime)));
    return [...this.#fixed, ...lists.flat()];
  }

  #list(runtime: ProviderRuntime): Promise<readonly ProviderModel[]> {
    const { id } = runtime.record;
    const cached = this.#cache.get(id);
    if (cached !== undefined && cached.untilMs > this.#clock.monotonicMs()) return Promise.resolve(cached.models);
    const running = this.#asking.get(id);
    if (running !== undefined) return running;
    const asking = this.#ask(runtime).finally(() => this.#asking.delete(id));
    this.#asking.set(id, asking);
    return asking;
  }

  async #ask(runtime: ProviderRuntime): Promise<readonly ProviderModel[]> {
    const found = await askModels(runtime, this.#wheel);
    const models = found ?? this.#cache.get(runtime.record.id)?.models ?? [];
    const untilMs = this.#clock.monotonicMs() + (found === undefined ? FAILED_MS : FRESH_MS);
    this.#cache.set(runtime.record.id, { models, untilMs });
    return models;
  }
}

async function askModels(
  runtime: ProviderRuntime,
  wheel: DeadlineWheel,
): Promise<readonly ProviderModel[] | undefined> {
  const { record, baseUrl, pool, upstream } = runtime;
  const lease = record.models === undefined ? undefined : pool.lease();
  if (lease === undefined || record.models === undefined) return undefined;
  const headers = {
    accept: 'application/json',
    'accept-encoding': 'identity',
    ...record.headers,
    ...sign(record.auth[0], lease.credential),
  };
  const answer = await fetchWhole(
    upstream,
    { method: 'GET', url: baseUrl + record.models.listPath, headers },
    wheel,
    TIMEOUT_MS,
  );
  // A side question says nothing about the account's health for calls.
  lease.abandon();
  if (!answer.ok || answer.value.status !== 200) return undefined;
  return modelsOf(record.id, parseJson(answer.value.body.toString()));
}

/** OpenAI's and Anthropic's lists alike: `{data: [{id, created | created_at}]}`; Together sends the bare list. */
function modelsOf(providerId: string, body: unknown): readonly ProviderModel[] {
  const rows = Array.isArray(body) ? body : arrayOf(objectOf(body)?.['data']);
  return rows.flatMap((row) => {
    const name = isObject(row) ? textOf(row['id']) : undefined;
    if (name === undefined || !isObject(row)) return [];
    const created = (numberOf(row['created']) ?? 0) * 1000;
    const createdAt = Date.parse(textOf(row['created_at']) ?? '');
    return [{ providerId, name, createdAtMs: Number.isNaN(createdAt) ? created : createdAt }];
  });
}
