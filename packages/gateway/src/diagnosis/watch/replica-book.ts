import type { Clock } from '@patchbay/llm/model/clock';

import type { PubSub } from '../../coordination/pubsub.ts';

/** One process of the gateway, as it tells of itself. */
export interface Replica {
  readonly id: string;
  readonly version: string;
  /** A hash of its settings, but for those that may differ: address, port and folder. */
  readonly settings: string;
  /** How far ahead of ours its clock goes, in milliseconds, give or take how long a message takes. */
  readonly aheadMs: number;
}

/** What a book of replicas is made of. */
export interface ReplicaParts {
  readonly self: Omit<Replica, 'aheadMs'>;
  readonly pubsub: PubSub;
  readonly clock: Clock;
}

const CHANNEL = 'patchbay:replicas';
/** How often a process tells of itself, in milliseconds. */
const TELL_MS = 5000;
/** One that was silent for so long has ended, in milliseconds. */
const SILENT_MS = 20_000;
const REPLICAS_MOST = 200;

interface Heard extends Replica {
  readonly heardMs: number;
}

/** Knows the other processes that share the same Redis, by what they tell of themselves. */
export class ReplicaBook {
  readonly self: Omit<Replica, 'aheadMs'>;
  readonly #parts: ReplicaParts;
  readonly #heard = new Map<string, Heard>();
  readonly #stops: readonly (() => void)[];

  constructor(parts: ReplicaParts) {
    this.self = parts.self;
    this.#parts = parts;
    this.#stops = [
      parts.pubsub.subscribe(CHANNEL, (message) => this.#hear(message)),
      parts.clock.every(TELL_MS, () => this.#tell()),
    ];
    this.#tell();
  }

  /** The others that run now. */
  others(): readonly Replica[] {
    const oldestMs = this.#parts.clock.monotonicMs() - SILENT_MS;
    for (const [id, { heardMs }] of this.#heard) if (heardMs < oldestMs) this.#heard.delete(id);
    return [...this.#heard.values()];
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }

  #tell(): void {
    const { pubsub, clock, self } = this.#parts;
    pubsub.publish(CHANNEL, JSON.stringify({ ...self, nowMs: clock.nowMs() }));
  }

  #hear(message: string | undefined): void {
    const told = message === undefined ? undefined : readTold(message);
    if (told === undefined || told.id === this.self.id) return;
    if (this.#heard.size >= REPLICAS_MOST && !this.#heard.has(told.id)) return;
    const { clock } = this.#parts;
    const { nowMs, ...replica } = told;
    this.#heard.set(told.id, { ...replica, aheadMs: nowMs - clock.nowMs(), heardMs: clock.monotonicMs() });
  }
}

/** Whoever has the password of Redis may write anything there. */
function readTold(message: string): (Omit<Replica, 'aheadMs'> & { readonly nowMs: number }) | undefined {
  try {
    const { id, version, settings, nowMs } = JSON.parse(message) as Readonly<Record<string, unknown>>;
    const texts = [id, version, settings];
    if (!texts.every((each) => typeof each === 'string' && each.length <= 80) || typeof nowMs !== 'number')
      return undefined;
    return { id: id as string, version: version as string, settings: settings as string, nowMs };
  } catch {
    return undefined;
  }
}
