import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { Secret } from '@patchbay/llm/credentials/secret';
import { systemClock } from '@patchbay/llm/model/clock';
import fc from 'fast-check';

import { planCall, type Plan } from '../../src/coordination/limit-plan.ts';
import type { LimitStore } from '../../src/coordination/limit-store.ts';
import type { Amounts, Limit } from '../../src/coordination/limiter.ts';
import { memoryLimitStore } from '../../src/coordination/memory/limit-store.ts';
import { redisLimitStore } from '../../src/coordination/redis/limit-store.ts';
import { RedisLink } from '../../src/coordination/redis/link.ts';
import { forget, newName, PATIENT, REDIS_URL, skipRedis } from './engines.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** The first day of a schedule, with a period that ends on the second. */
const START_MS = 20_000 * DAY_MS;

/** What a schedule does next; calls are named by the place at which they were reserved. */
type Step =
  | { readonly kind: 'reserve' | 'look'; readonly scopes: number; readonly amounts: Amounts }
  | { readonly kind: 'settle'; readonly call: number; readonly amounts: Amounts }
  | { readonly kind: 'renew'; readonly call: number }
  | { readonly kind: 'wait'; readonly ms: number };

const amounts = fc.record({ tokens: fc.nat(60), nanoUsd: fc.nat(2_000_000_000) });
const call = fc.nat(30);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('reserve' as const), scopes: fc.integer({ min: 1, max: 7 }), amounts }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('look' as const), scopes: fc.integer({ min: 1, max: 7 }), amounts }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('settle' as const), call, amounts }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('renew' as const), call }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      ms: fc.oneof(fc.nat(3000), fc.nat(50_000), fc.nat(4 * MINUTE_MS), fc.nat(DAY_MS / 10)),
    }),
  },
);

const limitsOf = (own: string, scopes: number): readonly Limit[] =>
  ['key', 'user', 'account'].flatMap((kind, index): readonly Limit[] => {
    if ((scopes & (1 << index)) === 0) return [];
    const scope = `${own}:${kind};|:"é`;
    return [
      { scope, measure: 'requests', max: 4 + index, window: { kind: 'rolling', ms: MINUTE_MS } },
      { scope, measure: 'tokens', max: 150, window: { kind: 'rolling', ms: MINUTE_MS } },
      { scope, measure: 'requests', max: 25, window: { kind: 'rolling', ms: DAY_MS } },
      { scope, measure: 'in-flight', max: 4 },
      { scope, measure: 'nano-usd', max: 30_000_000_000, window: { kind: 'period', name: 'always', endsAtMs: 0 } },
    ];
  });

/** Plays a schedule on one store; what it answers, step by step. */
async function play(store: LimitStore, own: string, steps: readonly Step[]): Promise<readonly unknown[]> {
  let nowMs = START_MS;
  const open: { readonly limits: readonly Limit[]; readonly plan: Plan }[] = [];
  const answers: unknown[] = [];
  const planOf = (limits: readonly Limit[], used: Amounts, id: string): Plan =>
    planCall(limits, used, { id, nowMs, leaseMs: 45_000 });
  for (const [index, each] of steps.entries()) {
    if (each.kind === 'wait') nowMs += each.ms;
    else if ('scopes' in each) {
      const limits = limitsOf(own, each.scopes);
      const plan = planOf(limits, each.amounts, String(index));
      const decision = await store.decide(plan, { charge: each.kind === 'reserve' });
      answers.push(decision);
      if (decision.admitted && each.kind === 'reserve') open.push({ limits, plan });
    } else {
      const [found] = open.slice(each.call % Math.max(1, open.length));
      if (found === undefined) continue;
      if (each.kind === 'renew') await store.renew({ ...found.plan, nowMs, leaseEndsAtMs: nowMs + 45_000 });
      else {
        open.splice(open.indexOf(found), 1);
        await store.settle(found.plan, planOf(found.limits, each.amounts, 'settled'));
      }
    }
  }
  return answers;
}

describe('the two stores of limits', { skip: skipRedis, timeout: 120_000 }, () => {
  let link: RedisLink;
  const own = newName();
  before(async () => {
    const parts = {
      clock: systemClock,
      random: () => 0.5,
      patience: PATIENT,
      onError: (error: unknown) => assert.fail(String(error)),
    };
    link = new RedisLink({ ...parts, url: new Secret(REDIS_URL) });
    await link.tried;
    assert.equal(link.state().status, 'up');
  });
  after(async () => {
    await link.close();
    await forget(own);
  });

  it('give the same answers to any schedule', async () => {
    const unused: LimitStore = {
      decide: () => assert.fail('Redis does not answer'),
      settle: () => assert.fail('Redis does not answer'),
      renew: () => assert.fail('Redis does not answer'),
    };
    let answered = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60, size: 'max' }), async (steps) => {
        const name = `${own}:${newName()}`;
        const [here, there] = await Promise.all([
          play(memoryLimitStore(), name, steps),
          play(redisLimitStore(link, unused), name, steps),
        ]);
        assert.deepEqual(there, here);
        answered += here.length;
        refused += JSON.stringify(here).split('"admitted":false').length - 1;
      }),
      { numRuns: 150 },
    );
    assert.ok(refused > answered / 20 && refused < answered, `${refused} of ${answered} were refused`);
  });
});
