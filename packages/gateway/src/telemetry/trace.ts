import type { CallRecord } from './call-record.ts';

/** What a step says besides its name: short facts, never a payload and never a secret. */
export type TraceFacts = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** One decision on the way of a request. */
export interface TraceStep {
  readonly name: string;
  /** Since the trace began, in milliseconds with three decimals. */
  readonly atMs: number;
  readonly facts?: TraceFacts;
}

/** A trace as it is shown. */
export interface ShownTrace {
  /** 32 hexadecimal digits; the caller's own where its `traceparent` named one. */
  readonly id: string;
  readonly requestId: string;
  readonly startedAtMs: number;
  readonly steps: readonly TraceStep[];
  /** Steps that found no room any more. */
  readonly droppedSteps: number;
}

/** Whose a trace is: only they and administrators get to see it. */
export interface TraceOwner {
  readonly keyId: string;
  readonly userId?: string;
}

/** Steps of one trace; a call of six attempts has some fifty. */
const STEPS_MAX = 200;
/** Longest text of one fact, in characters. */
const FACT_CHARACTERS_MAX = 300;
const LIST_MAX = 20;
/** Longest header that names steps, in characters: proxies refuse answers with larger header blocks. */
const HEADER_CHARACTERS_MAX = 1024;

/** Every decision on the way of one request, with its time. */
export class Trace {
  readonly id: string;
  readonly requestId: string;
  readonly owner: TraceOwner;
  readonly startedAtMs: number;
  readonly #nowMs: () => number;
  readonly #beganMs: number;
  readonly #steps: TraceStep[] = [];
  #dropped = 0;

  /** `nowMs` is monotonic, in milliseconds. */
  constructor(given: Pick<Trace, 'id' | 'requestId' | 'owner' | 'startedAtMs'>, nowMs: () => number) {
    this.id = given.id;
    this.requestId = given.requestId;
    this.owner = given.owner;
    this.startedAtMs = given.startedAtMs;
    this.#nowMs = nowMs;
    this.#beganMs = nowMs();
  }

  /** Writes down what happened now. */
  step(name: string, facts?: TraceFacts): void {
    if (this.#steps.length >= STEPS_MAX) {
      this.#dropped += 1;
      return;
    }
    const atMs = Math.round((this.#nowMs() - this.#beganMs) * 1000) / 1000;
    this.#steps.push({ name, atMs, ...(facts !== undefined && { facts: bounded(facts) }) });
  }

  /** Writes down how a call came out. */
  settle({ state, status, attempts, losses, refusedBy }: CallRecord): void {
    const last = attempts.at(-1);
    if (losses.length > 0) this.step('losses', { count: losses.length, losses });
    this.step('settled', {
      state,
      status,
      attempts: attempts.length,
      refusedBy,
      failure: last?.failureKind,
      inputTokens: last?.usage?.inputTokens,
      outputTokens: last?.usage?.outputTokens,
      costUsd: last?.costNanoUsd === undefined ? undefined : last.costNanoUsd / 1e9,
    });
  }

  /** What the answer's headers say: the id, and the steps so far as far as there is room. */
  headers(): { readonly 'x-trace-id': string; readonly 'x-trace-steps': string } {
    let steps = '';
    for (const { name, atMs } of this.#steps) {
      const each = `${steps === '' ? '' : ', '}${name}=${atMs}`;
      if (steps.length + each.length > HEADER_CHARACTERS_MAX) break;
      steps += each;
    }
    return { 'x-trace-id': this.id, 'x-trace-steps': steps };
  }

  show(): ShownTrace {
    const { id, requestId, startedAtMs } = this;
    return { id, requestId, startedAtMs, steps: [...this.#steps], droppedSteps: this.#dropped };
  }
}

const bounded = (facts: TraceFacts): TraceFacts =>
  Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]): [string, TraceFacts[string]][] => {
      if (value === undefined) return [];
      if (typeof value === 'string') return [[name, cut(value)]];
      return [[name, typeof value === 'object' ? value.slice(0, LIST_MAX).map(cut) : value]];
    }),
  );

const cut = (text: string): string =>
  text.length > FACT_CHARACTERS_MAX ? `${text.slice(0, FACT_CHARACTERS_MAX)}…` : text;
