import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { limitRules } from './read-limits.ts';

const NONE = { budgetPeriod: 'never', unknownPrice: 'allow' } as const;

describe('LIMITS', () => {
  it('are read for keys, users and models', () => {
    const text =
      'key=requests_per_minute:60|calls_at_once:3, user=budget_usd:5.5|budget_period:month|unknown_price:refuse,model/openai/gpt-5=tokens_per_day:90000';
    assert.deepEqual(limitRules(text), {
      value: {
        key: { ...NONE, requestsPerMinute: 60, callsAtOnce: 3 },
        user: { budgetNanoUsd: 5_500_000_000, budgetPeriod: 'month', unknownPrice: 'refuse' },
        models: new Map([['openai/gpt-5', { ...NONE, tokensPerDay: 90_000 }]]),
      },
    });
    assert.deepEqual(limitRules(''), { value: { models: new Map() } });
  });

  it('name the part that is none', () => {
    for (const entry of [
      'key',
      'key=',
      'group=calls_at_once:1',
      'key=requests_per_minute:0',
      'key=budget_usd:-1',
      'key=budget_period:year',
      'key=toString:1',
      'model/m=budget_usd:1',
    ]) {
      const read = limitRules(`user=calls_at_once:1,${entry}`);
      assert.ok('wanted' in read && read.wanted.includes(`\`${entry}\``), entry);
    }
  });
});
