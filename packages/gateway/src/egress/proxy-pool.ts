import { afterCall, afterProbe, type ProbeFinding, type ProxyHealth, type ProxyOutcome } from './proxy-health.ts';
import type { ProxyAddress } from './proxy-url.ts';

/** A proxy as it is stored, ready to be dialled. */
export interface PooledProxy {
  readonly id: string;
  readonly address: ProxyAddress;
  readonly isActive: boolean;
  readonly maxFailures: number;
  readonly usageCount: number;
  readonly health: ProxyHealth;
}

/** What was found of a proxy since it was last told. */
export interface PoolNote {
  readonly id: string;
  readonly uses: number;
  readonly lastUsedAtMs?: number;
  readonly lastCheckedAtMs?: number;
  readonly health?: ProxyHealth;
}

/** What went through a proxy to a provider on a day since it was last told. */
export interface PoolDay {
  readonly proxyId: string;
  readonly providerId: string;
  /** In UTC, like `2026-11-21`. */
  readonly date: string;
  readonly requests: number;
  readonly successes: number;
  readonly errors: number;
  readonly latencyMs: number;
  readonly tokens: number;
}

/** A call that went through a proxy. */
export interface ProxiedCall {
  readonly providerId: string;
  /** Absent for a fault of the target, which counts for the day and not against the proxy. */
  readonly outcome?: ProxyOutcome;
}

interface Known {
  proxy: PooledProxy;
  note: { uses: number; lastUsedAtMs?: number; lastCheckedAtMs?: number; health?: ProxyHealth } | undefined;
}

/** The proxies as this process knows them: what is stored, and what calls have found since. */
export class ProxyPool {
  readonly #nowMs: () => number;
  readonly #known = new Map<string, Known>();
  readonly #days = new Map<string, PoolDay>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Takes in what is stored. What was found here and is not told yet stays. */
  replace(proxies: readonly PooledProxy[]): void {
    const before = new Map(this.#known);
    this.#known.clear();
    for (const proxy of proxies) {
      const note = before.get(proxy.id)?.note;
      this.#known.set(proxy.id, { proxy: { ...proxy, health: note?.health ?? proxy.health }, note });
    }
  }

  /** Every proxy, with its health of now. */
  get all(): readonly PooledProxy[] {
    return Array.from(this.#known.values(), ({ proxy }) => proxy);
  }

  /** The way out of an account with this proxy; `undefined` when the proxy is off, down or gone, so the account has none. */
  addressOf(id: number): ProxyAddress | undefined {
    const proxy = this.#known.get(String(id))?.proxy;
    return proxy?.isActive && proxy.health.status !== 'down' ? proxy.address : undefined;
  }

  /** Takes in how a call ended. */
  report(id: number, { providerId, outcome }: ProxiedCall): void {
    const known = this.#known.get(String(id));
    if (known === undefined) return;
    const nowMs = this.#nowMs();
    const { proxy } = known;
    this.#noteOf(known).uses += 1;
    this.#noteOf(known).lastUsedAtMs = nowMs;
    if (outcome !== undefined) {
      const { usageCount, maxFailures } = proxy;
      this.#setHealth(known, afterCall(proxy.health, outcome, { calls: usageCount, maxFailures, nowMs }));
    }
    known.proxy = { ...known.proxy, usageCount: proxy.usageCount + 1 };
    const isGood = outcome?.kind === 'answered' && outcome.status < 400;
    this.#countDay(proxy.id, providerId, {
      requests: 1,
      successes: isGood ? 1 : 0,
      errors: isGood ? 0 : 1,
      latencyMs: outcome?.kind === 'answered' ? outcome.latencyMs : 0,
      tokens: 0,
    });
  }

  /** Takes in what a call through a proxy used, which is known later than how it ended for the proxy. */
  countTokens(id: number, providerId: string, tokens: number): void {
    const none = { requests: 0, successes: 0, errors: 0, latencyMs: 0 };
    if (this.#known.has(String(id))) this.#countDay(String(id), providerId, { ...none, tokens });
  }

  /** Takes in what a probe found. */
  reportProbe(id: string, finding: ProbeFinding): void {
    const known = this.#known.get(id);
    if (known === undefined) return;
    const nowMs = this.#nowMs();
    const { maxFailures } = known.proxy;
    this.#noteOf(known).lastCheckedAtMs = nowMs;
    this.#setHealth(known, afterProbe(known.proxy.health, finding, { maxFailures, nowMs }));
  }

  /** What is to be written down; it is handed out once. */
  takeNotes(): { readonly notes: readonly PoolNote[]; readonly days: readonly PoolDay[] } {
    const notes: PoolNote[] = [];
    for (const [id, known] of this.#known) {
      if (known.note !== undefined) notes.push({ id, ...known.note });
      known.note = undefined;
    }
    const days = [...this.#days.values()];
    this.#days.clear();
    return { notes, days };
  }

  #noteOf(known: Known): NonNullable<Known['note']> {
    known.note ??= { uses: 0 };
    return known.note;
  }

  #setHealth(known: Known, health: ProxyHealth): void {
    known.proxy = { ...known.proxy, health };
    this.#noteOf(known).health = health;
  }

  #countDay(proxyId: string, providerId: string, counts: DayCounts): void {
    const date = new Date(this.#nowMs()).toISOString().slice(0, 10);
    const key = `${proxyId} ${date} ${providerId}`;
    const day = this.#days.get(key);
    this.#days.set(key, {
      proxyId,
      providerId,
      date,
      requests: (day?.requests ?? 0) + counts.requests,
      successes: (day?.successes ?? 0) + counts.successes,
      errors: (day?.errors ?? 0) + counts.errors,
      latencyMs: (day?.latencyMs ?? 0) + counts.latencyMs,
      tokens: (day?.tokens ?? 0) + counts.tokens,
    });
  }
}

type DayCounts = Omit<PoolDay, 'proxyId' | 'providerId' | 'date'>;
