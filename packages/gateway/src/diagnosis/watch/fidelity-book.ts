import type { Clock } from '@patchbay/llm/model/clock';

import type { AttemptRecord, CallRecord, CallSink } from '../../telemetry/call-record.ts';

/** What calls to one model have shown within the last hour. */
export interface Fidelity {
  readonly providerId: string;
  readonly model: string;
  readonly successes: number;
  /** Successes of which the provider did not say how many tokens they took. */
  readonly withoutUsage: number;
  /** Successes whose cost nobody knows. */
  readonly withoutPrice: number;
  /** What translations could not carry, and how often; of at most a few kinds. */
  readonly losses: ReadonlyMap<string, number>;
  /** Rules that translated streams broke, and how often. */
  readonly violations: ReadonlyMap<string, number>;
}

interface Counts {
  readonly providerId: string;
  readonly model: string;
  successes: number;
  withoutUsage: number;
  withoutPrice: number;
  readonly losses: Map<string, number>;
  readonly violations: Map<string, number>;
}

const LATELY_MS = 3_600_000;
/** Half the time that counts last: so long they are added to before the next ones begin, in milliseconds. */
const TURN_MS = LATELY_MS / 2;
const MODELS_MOST = 300;
const KINDS_MOST = 20;
/** Routes whose answers always say how many tokens they took. */
const COUNTED = /chat\/completions|\/messages$|\/responses$|enerateContent/;

/** Counts where answers fall short of what they should be: never a word of what was said. */
export class FidelityBook implements CallSink {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  /** The counts of now and those before them, by provider and model. */
  #now = new Map<string, Counts>();
  #before = new Map<string, Counts>();
  #turnedMs: number;

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
    this.#turnedMs = clock.monotonicMs();
  }

  record(call: CallRecord): void {
    this.#turn();
    for (const attempt of call.attempts) {
      const counts = this.#countsOf(attempt);
      if (counts === undefined) continue;
      for (const { format, rule } of attempt.violations ?? []) add(counts.violations, `${rule} of ${format}`);
      if (attempt.state !== 'success') continue;
      counts.successes += 1;
      if (COUNTED.test(call.route) && (attempt.usage === undefined || attempt.usage.estimated))
        counts.withoutUsage += 1;
      if (attempt.costState === 'unknown') counts.withoutPrice += 1;
      // What was lost was lost on the way to whoever answered.
      for (const line of call.losses) add(counts.losses, kindOf(line));
    }
  }

  lately(): readonly Fidelity[] {
    this.#turn();
    const names = new Set([...this.#now.keys(), ...this.#before.keys()]);
    return [...names].flatMap((name) => joined(this.#now.get(name), this.#before.get(name)));
  }

  #countsOf({ providerId, model }: AttemptRecord): Counts | undefined {
    const name = `${providerId}/${model}`;
    const known = this.#now.get(name);
    if (known !== undefined || this.#now.size >= MODELS_MOST) return known;
    const none = { successes: 0, withoutUsage: 0, withoutPrice: 0, losses: new Map(), violations: new Map() };
    const counts: Counts = { providerId, model, ...none };
    this.#now.set(name, counts);
    return counts;
  }

  #turn(): void {
    const passedMs = this.#clock.monotonicMs() - this.#turnedMs;
    if (passedMs < TURN_MS) return;
    this.#before = passedMs < LATELY_MS ? this.#now : new Map();
    this.#now = new Map();
    this.#turnedMs = this.#clock.monotonicMs();
  }
}

/** `path: what (instead)`, its numbers taken out: `messages[3].audio` and `messages[5].audio` are one kind. */
const kindOf = (line: string): string => line.replaceAll(/\d+/g, 'n').slice(0, 120);

function add(counts: Map<string, number>, name: string): void {
  if (counts.size < KINDS_MOST || counts.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
}

function joined(one: Counts | undefined, other: Counts | undefined): readonly Fidelity[] {
  const some = one ?? other;
  if (some === undefined) return [];
  const sum = (name: 'successes' | 'withoutUsage' | 'withoutPrice'): number =>
    (one?.[name] ?? 0) + (other?.[name] ?? 0);
  return [
    {
      providerId: some.providerId,
      model: some.model,
      successes: sum('successes'),
      withoutUsage: sum('withoutUsage'),
      withoutPrice: sum('withoutPrice'),
      losses: added(one?.losses, other?.losses),
      violations: added(one?.violations, other?.violations),
    },
  ];
}

function added(one: ReadonlyMap<string, number> = new Map(), other: ReadonlyMap<string, number> = new Map()) {
  const sums = new Map(one);
  for (const [name, count] of other) sums.set(name, count + (sums.get(name) ?? 0));
  return sums;
}
