import { schemeFor } from '@patchbay/llm/credentials/credential';
import { sign } from '@patchbay/llm/credentials/signers/sign';
import type { Clock } from '@patchbay/llm/model/clock';
import { readModelList, type OfferedModel } from '@patchbay/llm/providers/read-model-list';
import { parseJson } from '@patchbay/llm/wire/read';

import type { DeadlineWheel } from '../relay/deadline-wheel.ts';
import { fetchWhole } from '../relay/fetch-whole.ts';
import type { CallablesNow, NamedModel, ProviderRuntime } from './ports.ts';
import { upstreamFor } from './upstream-for.ts';

/** What one provider says it has; `undefined` where it offers no list or has not answered yet. */
export type Offer = readonly OfferedModel[] | undefined;

interface CachedList {
  readonly models: Offer;
  readonly untilMs: number;
}

const FRESH_MS = 300_000;
/** A provider that did not answer is not asked again at once. */
const FAILED_MS = 30_000;
const TIMEOUT_MS = 3000;

/** What the providers say they have, asked when someone wants to know and kept for five minutes. */
export class ModelLists {
  readonly #callables: CallablesNow;
  readonly #fixed: ReadonlyMap<string, readonly OfferedModel[]>;
  readonly #wheel: DeadlineWheel;
  readonly #clock: Clock;
  readonly #named = new WeakMap<ReadonlyMap<string, NamedModel>, readonly OfferedModel[]>();
  readonly #cache = new Map<string, CachedList>();
  readonly #asking = new Map<string, Promise<Offer>>();

  /** `fixed` are lists by provider that are known without asking. */
  constructor(parts: {
    callables: CallablesNow;
    fixed: ReadonlyMap<string, readonly OfferedModel[]>;
    wheel: DeadlineWheel;
    clock: Clock;
  }) {
    this.#callables = parts.callables;
    this.#fixed = parts.fixed;
    this.#wheel = parts.wheel;
    this.#clock = parts.clock;
  }

  /** What is known of one provider without asking anyone: what an administrator listed, else what it said itself. */
  known(providerId: string): Offer {
    const named = this.#callables().models.get(providerId);
    if (named !== undefined) return this.#offered(named);
    return this.#fixed.get(providerId) ?? this.#cache.get(providerId)?.models;
  }

  /** An administrator's list as a provider would tell it; the same list is the same array. */
  #offered(named: ReadonlyMap<string, NamedModel>): readonly OfferedModel[] {
    const known = this.#named.get(named);
    if (known !== undefined) return known;
    const models = [...named.values()].flatMap(({ identifier, name, contextLength, status }) =>
      status === 'active' ? [{ id: identifier, name, contextTokens: contextLength }] : [],
    );
    this.#named.set(named, models);
    return models;
  }

  /** What every provider with an account here says, by provider. */
  async all(): Promise<ReadonlyMap<string, Offer>> {
    const lists = await Promise.all(
      [...this.#callables().runtimes.values()].map(
        async (runtime) => [runtime.record.id, await this.#list(runtime)] as const,
      ),
    );
    return new Map(lists);
  }

  #list(runtime: ProviderRuntime): Promise<Offer> {
    const { id } = runtime.record;
    const named = this.#callables().models.get(id);
    if (named !== undefined) return Promise.resolve(this.#offered(named));
    const fixed = this.#fixed.get(id);
    if (fixed !== undefined) return Promise.resolve(fixed);
    const cached = this.#cache.get(id);
    if (cached !== undefined && cached.untilMs > this.#clock.monotonicMs()) return Promise.resolve(cached.models);
    const running = this.#asking.get(id);
    if (running !== undefined) return running;
    const asking = this.#ask(runtime).finally(() => this.#asking.delete(id));
    this.#asking.set(id, asking);
    return asking;
  }

  async #ask(runtime: ProviderRuntime): Promise<Offer> {
    const found = await askModels(runtime, this.#wheel);
    const models = found ?? this.#cache.get(runtime.record.id)?.models;
    const untilMs = this.#clock.monotonicMs() + (found === undefined ? FAILED_MS : FRESH_MS);
    this.#cache.set(runtime.record.id, { models, untilMs });
    return models;
  }
}

async function askModels(runtime: ProviderRuntime, wheel: DeadlineWheel): Promise<Offer> {
  const { record, baseUrl, pool } = runtime;
  const lease = record.models === undefined ? undefined : pool.lease();
  if (lease === undefined || record.models === undefined) return undefined;
  const headers = {
    accept: 'application/json',
    'accept-encoding': 'identity',
    ...record.headers,
    ...sign(schemeFor(record.auth, lease.credential) ?? record.auth[0], lease.credential),
  };
  const answer = await fetchWhole(
    upstreamFor(runtime, lease),
    { method: 'GET', url: baseUrl + record.models.listPath, headers },
    wheel,
    TIMEOUT_MS,
  );
  // A side question says nothing about the account's health for calls.
  lease.abandon();
  if (!answer.ok || answer.value.status !== 200) return undefined;
  return readModelList(parseJson(answer.value.body.toString()));
}
