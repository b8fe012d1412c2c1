import type { TestPhase } from '@patchbay/contract/resources/provider';
import type { Clock } from '@patchbay/llm/model/clock';
import type { Failure } from '@patchbay/llm/model/failure';

/** What one phase found, and what the next ones need of it. */
export type Found<Value> =
  | { readonly ok: true; readonly finding: string; readonly value: Value }
  | {
      readonly ok: false;
      readonly finding: string;
      /** The network's word for it, such as `ENOTFOUND`, where it is one of the network. */
      readonly code?: string;
      /** What the provider's answer, or its absence, was read as. */
      readonly failure?: Failure;
    };

/** Runs phases in a row and keeps what each found and how long it took. */
export class Phases {
  readonly done: TestPhase[] = [];
  /** The network's word for why the last phase failed. */
  code: string | undefined;
  readonly #clock: Clock;
  readonly #startedMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedMs = clock.monotonicMs();
  }

  /** Runs one phase; `undefined` when it failed, and then no other makes sense. */
  async run<Value>(phase: TestPhase['phase'], find: () => Promise<Found<Value>>): Promise<Value | undefined> {
    const startedMs = this.#clock.monotonicMs();
    const found = await find();
    const durationMs = Math.round((this.#clock.monotonicMs() - startedMs) * 10) / 10;
    this.done.push({ phase, ok: found.ok, durationMs, finding: found.finding });
    this.code = found.ok ? undefined : found.code;
    return found.ok ? found.value : undefined;
  }

  /** Whole milliseconds since the first phase began. */
  get elapsedMs(): number {
    return Math.round(this.#clock.monotonicMs() - this.#startedMs);
  }

  /** Findings of the phases that failed. */
  get errors(): string[] {
    return this.done.flatMap(({ ok, finding }) => (ok ? [] : [finding]));
  }
}
