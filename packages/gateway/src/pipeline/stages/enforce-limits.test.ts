import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { manualClock } from '@patchbay/llm/testing/manual-clock';

import type { LimitRules } from '../../config/read-limits.ts';
import { createLimiter } from '../../coordination/create-limiter.ts';
import type { Limiter } from '../../coordination/limiter.ts';
import { memoryLimitStore } from '../../coordination/memory/limit-store.ts';
import type { Caller } from '../../identity/ports.ts';
import type { AttemptRecord, CallRecord } from '../../telemetry/call-record.ts';
import type { Outcome } from '../stage.ts';
import { enforceLimits, type LimitedCall } from './enforce-limits.ts';

const ANSWERED: Outcome = { kind: 'answered' };
const LIMITS = { budgetPeriod: 'never', unknownPrice: 'allow' } as const;
const ONE_AT_ONCE = { ...LIMITS, callsAtOnce: 1 };
const NO_RULES: LimitRules = { models: new Map() };

const callOf = (caller: Partial<Caller>, model = 'm'): LimitedCall => ({
  caller: { keyId: '1', label: '', ...caller },
  record: { clientFormat: 'openai-chat', requestedModel: model, attempts: [] } as unknown as CallRecord,
  client: { add: () => undefined },
});

function stageWith(rules: LimitRules = NO_RULES, limiter?: Limiter) {
  const clock = manualClock();
  let made = 0;
  const here = createLimiter({
    store: memoryLimitStore(),
    clock,
    nowMs: clock.nowMs,
    newId: () => String((made += 1)),
  });
  return enforceLimits<LimitedCall>(
    {
      limiter: limiter ?? here,
      rules,
      directory: { resolve: () => assert.fail(), provider: () => undefined },
      priceOf: () => ({ state: 'unknown' }),
      clock,
    },
    () => ({ model: 'm', inputTokens: 1, outputTokens: 1 }),
  );
}

describe('limits', () => {
  it('are nothing to a key without any: it is passed on as it came', () => {
    const fail = (): never => assert.fail();
    const refusing = { reserve: fail, settle: fail, release: fail, look: fail };
    const passed = Promise.resolve(ANSWERED);
    assert.equal(
      stageWith(NO_RULES, refusing)(callOf({}), () => passed),
      passed,
    );
  });

  it('that are counted in memory let a call go on in the same turn', () => {
    let isSent = false;
    void stageWith()(callOf({ limits: ONE_AT_ONCE }), () => {
      isSent = true;
      return Promise.resolve(ANSWERED);
    });
    assert.ok(isSent);
  });

  it('are released when a stage throws', async () => {
    const stage = stageWith();
    const call = callOf({ limits: ONE_AT_ONCE });
    await assert.rejects(
      stage(call, () => Promise.reject(new Error('broken'))),
      /broken/,
    );
    assert.deepEqual(await stage(call, () => Promise.resolve(ANSWERED)), ANSWERED);
  });

  it('do not count calls that reached nobody, nor those that were left before anything was used', async () => {
    const stage = stageWith();
    const call = callOf({ limits: { ...LIMITS, requestsPerDay: 1 } });
    const failure = { kind: 'not-found', message: 'no such model' } as const;
    const lost: Outcome = { kind: 'failed', failure };
    assert.equal(await stage(call, () => Promise.resolve(lost)), lost);
    const left = callOf({ limits: { ...LIMITS, requestsPerDay: 1 } });
    left.record.attempts.push({ state: 'cancelled' } as AttemptRecord);
    assert.equal(await stage(left, () => Promise.resolve(ANSWERED)), ANSWERED);
    assert.equal(await stage(call, () => Promise.resolve(ANSWERED)), ANSWERED);
    assert.equal((await stage(call, () => assert.fail())).kind, 'failed');
  });

  it('hold until a call that nobody waits for has ended', async () => {
    const stage = stageWith();
    const call = callOf({ limits: ONE_AT_ONCE });
    const end = Promise.withResolvers<Outcome>();
    const begun = await stage(call, () =>
      Promise.resolve({ kind: 'detached', answer: () => undefined, ended: end.promise }),
    );
    const busy = await stage(call, () => assert.fail());
    assert.ok(busy.kind === 'failed' && busy.failure.kind === 'rate-limit');
    end.resolve(ANSWERED);
    if (begun.kind === 'detached') await begun.ended;
    assert.deepEqual(await stage(call, () => Promise.resolve(ANSWERED)), ANSWERED);
  });

  it('of a user hold over all of their keys, those of a model over all callers', async () => {
    const user = stageWith({ ...NO_RULES, user: { ...LIMITS, requestsPerDay: 1 } });
    const answered = (): Promise<Outcome> => Promise.resolve(ANSWERED);
    assert.deepEqual(await user(callOf({ keyId: '1', userId: 'ada' }), answered), ANSWERED);
    assert.equal((await user(callOf({ keyId: '2', userId: 'ada' }), answered)).kind, 'failed');
    assert.deepEqual(await user(callOf({ keyId: '3', userId: 'bob' }), answered), ANSWERED);
    const model = stageWith({ ...NO_RULES, models: new Map([['m', { ...LIMITS, requestsPerDay: 1 }]]) });
    assert.deepEqual(await model(callOf({ keyId: '1' }), answered), ANSWERED);
    const refused = await model(callOf({ keyId: '2' }), answered);
    assert.ok(refused.kind === 'failed' && /this model is 1 requests a day/.test(refused.failure.message));
    assert.deepEqual(await model(callOf({ keyId: '2' }, 'other'), answered), ANSWERED);
  });
});
