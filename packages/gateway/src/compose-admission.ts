import { randomUUID } from 'node:crypto';

import type { Clock } from '@patchbay/llm/model/clock';

import type { LimitRules } from './config/read-limits.ts';
import { createLimiter } from './coordination/create-limiter.ts';
import type { Limiter } from './coordination/limiter.ts';
import { memoryLimitStore } from './coordination/memory/limit-store.ts';
import { askedOfChat, askedOfEndpoint, askedOfPass, type Asked } from './pipeline/limits/asked.ts';
import { SpentLedger, type SpentSince } from './pipeline/limits/spent-ledger.ts';
import type { Call } from './pipeline/call.ts';
import type { EndpointCall } from './pipeline/endpoints/endpoint-call.ts';
import type { PassCall } from './pipeline/endpoints/run-pass.ts';
import type { ModelDirectory } from './pipeline/ports.ts';
import type { Outcome } from './pipeline/stage.ts';
import { enforceLimits, type LimitedCall, type LimitParts } from './pipeline/stages/enforce-limits.ts';
import { limitInFlight, type InFlight } from './pipeline/stages/limit-in-flight.ts';
import type { PriceOf } from './telemetry/cost.ts';

/** What limits are kept with; made by `main`, because processes share it. */
export interface LimitFoundations {
  /** Default: counts within this process. */
  readonly limiter?: Limiter;
  /** What the log of calls knows to be spent. Default: nobody knows. */
  readonly spentSince?: SpentSince;
}

export interface AdmissionParts extends LimitFoundations {
  readonly rules: LimitRules;
  /** Calls that run at a time, whoever makes them. */
  readonly maxInFlight: number;
  readonly inFlight: InFlight;
  readonly directory: ModelDirectory;
  readonly priceOf: PriceOf;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onError: (error: unknown) => void;
}

type Next<Any> = (call: Any) => Promise<Outcome>;
type StageOf<Any> = (call: Any, next: Next<Any>) => Promise<Outcome>;

/** The first stage of calls of each kind: the bound of the process, and the limits of those who call. */
export interface Admission {
  readonly chat: StageOf<Call>;
  readonly endpoint: StageOf<EndpointCall>;
  readonly pass: StageOf<PassCall>;
  /** What all limits are kept with, those of accounts too. */
  readonly limits: LimitParts;
}

/** Makes the stages that admit calls; all kinds count for the same limits. */
export function composeAdmission(parts: AdmissionParts): Admission {
  const { maxInFlight, inFlight, random, clock, spentSince, onError } = parts;
  const bounded = limitInFlight(maxInFlight, inFlight, random);
  const limits: LimitParts = {
    ...parts,
    limiter: parts.limiter ?? limiterHere(clock),
    ...(spentSince !== undefined && { ledger: new SpentLedger({ spentSince, clock, onError }) }),
  };
  const admit = <Any extends LimitedCall>(askedOf: (call: Any) => Asked): StageOf<Any> => {
    const limited = enforceLimits(limits, askedOf);
    let onward: { readonly next: Next<Any>; readonly run: Next<Any> } | undefined;
    return (call, next) => {
      // What comes next is the same for every call: a function is made of it once.
      if (onward?.next !== next) onward = { next, run: (each) => limited(each, next) };
      return bounded(call, onward.run);
    };
  };
  return { chat: admit(askedOfChat), endpoint: admit(askedOfEndpoint), pass: admit(askedOfPass), limits };
}

const limiterHere = (clock: Clock): Limiter =>
  createLimiter({ store: memoryLimitStore(), clock, nowMs: () => clock.nowMs(), newId: randomUUID });
