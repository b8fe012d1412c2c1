import type { StreamEvent } from '../model/event.ts';
import type { Failure } from '../model/failure.ts';
import type { AttemptEnd, AttemptFacts, CallFacts, CallObserver } from '../model/observer.ts';
import type { Usage } from '../model/usage.ts';
import type { Loss } from '../wire/codec.ts';
import type { ClientContext } from './context.ts';

/** One try at one account, as told to the caller. */
export type AttemptReport = AttemptFacts & AttemptEnd;

/** What a call cost. */
export interface CallCost {
  /** Whole billionths of a dollar: add these up. */
  readonly nanoUsd: number;
  /** The same in dollars, to be shown. */
  readonly usd: number;
  /** Rates that the price list lacked and that the nearest ones stood in for; empty when none. */
  readonly assumed: readonly string[];
}

/** What an attempt tells its call of. */
export interface AttemptRecord {
  readonly facts: AttemptFacts;
  heard(response: { readonly status: number; readonly headers: Readonly<Record<string, string>> }): void;
  firstOutput(): void;
  end(outcome: AttemptEnd['outcome'], failure?: Failure): void;
}

/** What of a request could not be carried to the attempt that answered, and what it used. */
export interface AnswerFacts {
  readonly losses: readonly Loss[];
  readonly usage?: Usage | undefined;
}

/** The book of one call: what the caller is told at its end, and what an observer is told meanwhile. */
export class CallRecord {
  readonly facts: CallFacts;
  /** Every attempt that has ended, in order. */
  readonly attempts: AttemptReport[] = [];
  losses: readonly Loss[] = [];
  readonly #client: ClientContext;
  readonly #startedMs: number;
  #last: AttemptFacts | undefined;
  #usage: Usage | undefined;
  #firstOutputMs: number | undefined;
  #ended = false;

  constructor(
    client: ClientContext,
    call: Pick<CallFacts, 'operation' | 'models'> & { metadata?: CallFacts['metadata'] },
  ) {
    this.#client = client;
    this.#startedMs = client.clock.monotonicMs();
    const { operation, models, metadata = {} } = call;
    const id = `call-${client.random().toString(36).slice(2)}-${this.#startedMs.toString(36).replace('.', '')}`;
    this.facts = { id, operation, models, metadata, startedAtMs: client.clock.nowMs() };
    this.#tell((observer) => observer.callStarted?.(this.facts));
  }

  /** The provider of the last attempt; absent when none was made. */
  get provider(): string | undefined {
    return this.#last?.providerId;
  }

  /** An attempt begins. */
  attempt(facts: AttemptFacts): AttemptRecord {
    this.#last = facts;
    const startedMs = this.#client.clock.monotonicMs();
    let heard: Pick<AttemptEnd, 'status' | 'headers'> = {};
    this.#tell((observer) => observer.attemptStarted?.(this.facts, facts));
    return {
      facts,
      heard: ({ status, headers }) => {
        heard = { status, headers };
      },
      firstOutput: () => {
        this.#firstOutputMs ??= this.#sinceMs(this.#startedMs);
        const afterMs = this.#firstOutputMs;
        this.#tell((observer) => observer.firstOutput?.(this.facts, facts, afterMs));
      },
      end: (outcome, failure) => {
        const latencyMs = this.#sinceMs(startedMs);
        const end: AttemptEnd = { outcome, latencyMs, ...heard, ...(failure !== undefined && { failure }) };
        this.attempts.push({ ...facts, ...end });
        this.#tell((observer) => observer.attemptEnded?.(this.facts, facts, end));
      },
    };
  }

  /** An event is about to be given to the caller. */
  event(event: StreamEvent): void {
    if (event.type === 'finish') this.#usage = event.usage;
    if (this.#client.observer?.event !== undefined) this.#tell((observer) => observer.event?.(this.facts, event));
  }

  /** An attempt has answered: a call that is asked again by its middleware has the facts of its last answer. */
  answered({ losses, usage }: AnswerFacts): void {
    this.losses = losses;
    this.#usage = usage;
  }

  /** What the last answer cost; absent when usage or price is unknown, or when no provider was asked. */
  async cost(): Promise<CallCost | undefined> {
    if (this.#last === undefined || this.#usage === undefined) return undefined;
    return costAt(this.#client, { ...this.#last, usage: this.#usage, atMs: this.facts.startedAtMs });
  }

  /** Ends the call, once; later words count for nothing. */
  async end(outcome: AttemptEnd['outcome'], failure?: Failure): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#client.observer?.callEnded === undefined) return;
    const latencyMs = this.#sinceMs(this.#startedMs);
    const [last, usage, firstOutputMs] = [this.#last, this.#usage, this.#firstOutputMs];
    const cost = await this.cost();
    const end = {
      outcome,
      latencyMs,
      attempts: this.attempts.length,
      retries: Math.max(0, this.attempts.length - 1),
      ...(failure !== undefined && { failure }),
      ...(last !== undefined && { providerId: last.providerId, model: last.model, accountId: last.accountId }),
      ...(usage !== undefined && { usage }),
      ...(cost !== undefined && { costNanoUsd: cost.nanoUsd }),
      ...(firstOutputMs !== undefined && { firstOutputMs }),
    };
    this.#tell((observer) => observer.callEnded?.(this.facts, end));
  }

  #sinceMs(startMs: number): number {
    return this.#client.clock.monotonicMs() - startMs;
  }

  #tell(say: (observer: CallObserver) => void): void {
    if (this.#client.observer === undefined) return;
    try {
      say(this.#client.observer);
    } catch {
      // Watching must not break what is watched.
    }
  }
}

interface Spent {
  readonly providerId: string;
  readonly model: string;
  readonly usage: Usage;
  /** Prices change: those of this time count, in milliseconds since 1970. */
  readonly atMs: number;
}

/** What a usage costs at a provider; absent when the price is unknown. */
export async function costAt(client: ClientContext, spent: Spent): Promise<CallCost | undefined> {
  const catalog = await client.catalog();
  if (catalog === undefined) return undefined;
  const costOf = await client.costOf();
  const cost = costOf(spent.usage, catalog.priceOf(spent.providerId, spent.model, spent.atMs));
  if (cost.state === 'unknown') return undefined;
  return { nanoUsd: cost.nanoUsd, usd: cost.nanoUsd / NANO_PER_USD, assumed: cost.assumed };
}

const NANO_PER_USD = 1e9;
