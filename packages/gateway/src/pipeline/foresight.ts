import type { Seat } from '@patchbay/llm/credentials/seat';
import type { Failure } from '@patchbay/llm/model/failure';
import type { JsonObject } from '@patchbay/llm/model/json';
import type { Target } from '@patchbay/llm/routing/target';
import { planTargets } from '@patchbay/llm/routing/plan';

import type { Limit, Limiter, Standing } from '../coordination/limiter.ts';
import type { Caller } from '../identity/ports.ts';
import type { PriceOf } from '../telemetry/cost.ts';
import { modelRefusal } from './allowed-models.ts';
import { accountEstimate, accountLimits } from './limits/account-gate.ts';
import { askedOfBody } from './limits/asked.ts';
import { boundsOf, type Bound } from './limits/bounds.ts';
import { limitName, refusalOf, unpriced } from './limits/refusal.ts';
import { weigh } from './limits/weigh.ts';
import type { LimitParts } from './stages/enforce-limits.ts';
import type { TargetHealth } from './target-health.ts';

/** A chat that somebody thinks of making. */
export interface Thought {
  readonly model: string;
  /** Size of its body and the body itself, as far as they are known. */
  readonly bodyBytes: number;
  readonly json: JsonObject | undefined;
}

/** Where one limit stands, as explanations show it. */
export interface ShownStanding {
  readonly scope: string;
  /** E.g. `key requests a minute`. */
  readonly name: string;
  /** In requests, tokens, calls, or billionths of a dollar. */
  readonly max: number;
  readonly used: number;
  readonly left: number;
  /** True where it refuses the call. */
  readonly refuses: boolean;
}

/** What limits say to a call that is not made. */
export interface Foreseen {
  readonly limits: readonly ShownStanding[];
  readonly refusal?: Failure;
}

/** Tells what a call would meet. Nothing is counted, reserved or sent. */
export interface Foresight {
  /** Found targets in the order in which they would be tried. */
  order(targets: readonly Target[]): readonly Target[];
  /** What the key, its user and the name of the model say. */
  ofCaller(caller: Caller, thought: Thought): Promise<Foreseen>;
  /** What an account's own limits say; `model` as the provider knows it. */
  ofAccount(seat: Seat, model: string, thought: Thought): Promise<Foreseen>;
  readonly priceOf: PriceOf;
}

/** Makes it of what calls are made with. */
export function createForesight(parts: LimitParts, health: Pick<TargetHealth, 'wouldAdmit'>): Foresight {
  return {
    order: (targets) => planTargets(targets, (target) => health.wouldAdmit(target)),
    ofCaller: (caller, thought) => foreseeCaller(parts, caller, thought),
    ofAccount: async (seat, model, { bodyBytes, json }) => {
      const limits = accountLimits(seat, model, parts.clock.nowMs());
      if (limits.length === 0) return { limits: [] };
      const amounts = accountEstimate(askedOfBody(model, bodyBytes, json), limits);
      const standings = await parts.limiter.look(limits, amounts);
      return told(parts, standings, { amounts, boundOf: () => ({ subject: 'account' }) });
    },
    priceOf: parts.priceOf,
  };
}

async function foreseeCaller(parts: LimitParts, caller: Caller, thought: Thought): Promise<Foreseen> {
  const found = parts.directory.resolve(thought.model, caller.userId);
  const forbidden = 'failure' in found ? undefined : modelRefusal(caller, thought.model, found);
  const bounds = boundsOf(caller, thought.model, parts.rules);
  const spent = await Promise.all(bounds.map(async (bound) => parts.ledger?.spent(bound) ?? 0));
  const asked = askedOfBody(thought.model, thought.bodyBytes, thought.json);
  const { limits, amounts, unpricedFor } = weigh(parts, { bounds, asked, userId: caller.userId }, spent);
  const boundOf = ({ scope }: Limit): Pick<Bound, 'subject'> =>
    bounds.find((each) => each.scope === scope) ?? { subject: 'key' };
  const seen = told(parts, limits.length === 0 ? [] : await parts.limiter.look(limits, amounts), { amounts, boundOf });
  const priceless = unpricedFor === undefined ? undefined : unpriced(thought.model, unpricedFor);
  const refusal = priceless ?? seen.refusal ?? forbidden;
  return { limits: seen.limits, ...(refusal && { refusal }) };
}

interface Telling {
  readonly amounts: Parameters<Limiter['look']>[1];
  readonly boundOf: (limit: Limit) => Pick<Bound, 'subject'>;
}

function told({ clock }: LimitParts, standings: readonly Standing[], { amounts, boundOf }: Telling): Foreseen {
  const limits = standings.map(({ limit, used, frees }) => ({
    scope: limit.scope,
    name: limitName(limit, boundOf(limit)),
    max: limit.max,
    used,
    left: Math.max(0, limit.max - used),
    refuses: frees !== undefined,
  }));
  const hardest = standings.filter(({ frees }) => frees !== undefined).toSorted((a, b) => waitOf(b) - waitOf(a))[0];
  if (hardest === undefined) return { limits };
  const refusal = refusalOf(hardest, boundOf(hardest.limit), { estimate: amounts, nowMs: clock.nowMs() });
  return { limits, refusal };
}

const waitOf = ({ frees }: Standing): number =>
  frees === undefined || frees.kind === 'when-one-ends' ? 0 : frees.kind === 'never' ? Infinity : frees.atMs;
