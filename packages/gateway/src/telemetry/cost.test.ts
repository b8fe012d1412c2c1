import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Price } from '@patchbay/llm/catalog/price';
import { NO_USAGE } from '@patchbay/llm/model/usage';
import fc from 'fast-check';

import type { AttemptRecord } from './call-record.ts';
import { costHeader, writeCosts, writtenCost } from './cost.ts';

const priced = (input: number, output: number): Price => ({
  state: 'priced',
  usdPerMillionTokens: { input, output },
  longPrompts: [],
  usdPerRequest: 0,
});
const attempt = (inputTokens: number, outputTokens: number): AttemptRecord => ({
  number: 1,
  providerId: 'openai',
  accountId: 'openai-1',
  model: 'gpt',
  startedAtMs: 0,
  latencyMs: 1,
  state: 'success',
  usage: { ...NO_USAGE, inputTokens, outputTokens },
});

describe('the cost of an attempt', () => {
  it('is 0 where it was free, and absent where nobody knows', () => {
    assert.deepEqual(writtenCost(NO_USAGE, { state: 'free' }), { costNanoUsd: 0, costState: 'known' });
    assert.deepEqual(writtenCost(NO_USAGE, { state: 'unknown' }), { costState: 'unknown' });
  });

  it('says when a rate was assumed', () => {
    const usage = { ...NO_USAGE, inputTokens: 10, cacheReadTokens: 10 };
    assert.deepEqual(writtenCost(usage, priced(1, 1)), { costNanoUsd: 10_000, costState: 'assumed' });
  });

  it('is written once: a price that changes later changes no record', () => {
    const call = { attempts: [attempt(1000, 0)] };
    writeCosts(call, () => priced(1, 1));
    writeCosts(call, () => priced(2, 2));
    assert.equal(call.attempts[0]?.costNanoUsd, 1_000_000);
  });

  it('is not said of an attempt that is not known to have used anything', () => {
    const { usage: _, ...unused } = attempt(0, 0);
    const call = { attempts: [unused] };
    writeCosts(call, () => priced(1, 1));
    assert.equal('costState' in (call.attempts[0] ?? {}), false);
  });

  it('adds up without a rounding error, however many calls there are', () => {
    const rate = fc.integer({ min: 0, max: 100_000 });
    const tokens = fc.integer({ min: 0, max: 2_000_000 });
    const used = fc.array(fc.tuple(tokens, tokens), { maxLength: 50 });
    fc.assert(
      fc.property(rate, rate, used, (input, output, calls) => {
        const attempts = calls.map(([prompt, answer]) => attempt(prompt, answer));
        // Rates of whole thousandths: each token costs whole billionths, so nothing is to be rounded.
        writeCosts({ attempts }, () => priced(input / 1000, output / 1000));
        const sum = attempts.reduce((total, { costNanoUsd = 0 }) => total + BigInt(costNanoUsd), 0n);
        const exact = calls.reduce(
          (total, [prompt, answer]) => total + BigInt(prompt) * BigInt(input) + BigInt(answer) * BigInt(output),
          0n,
        );
        assert.equal(sum, exact);
      }),
    );
  });

  it('is told in dollars by a header', () => {
    assert.deepEqual(costHeader({ costNanoUsd: 1 }), { 'x-patchbay-cost': '0.000000001' });
    assert.deepEqual(costHeader({ costState: 'unknown' }), { 'x-patchbay-cost': 'unknown' });
  });
});
