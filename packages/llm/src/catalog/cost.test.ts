import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { NO_USAGE, type Usage } from '../model/usage.ts';
import { costOf, type Cost } from './cost.ts';
import { priceAt, type Rates } from './price.ts';
import type { PriceData } from './catalog-data.ts';

const SONNET = { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75, cacheWrite1h: 6 };

const listed = (data: PriceData) => priceAt(data, 0);
const used = (usage: Partial<Usage>): Usage => ({ ...NO_USAGE, ...usage });
const known = (nanoUsd: number, assumed: readonly string[] = []) => ({ state: 'known', nanoUsd, assumed });

describe('the cost of a call', () => {
  it('charges every part of the input at its own rate', () => {
    const usage = used({
      inputTokens: 10_000,
      cacheReadTokens: 6_000,
      cacheWriteTokens: 3_000,
      cacheWrite1hTokens: 1_000,
      outputTokens: 500,
      reasoningTokens: 200,
    });
    // 1,000 at 3 + 6,000 at 0.30 + 2,000 at 3.75 + 1,000 at 6 + 500 at 15 = 25,800 millionths of a dollar.
    assert.deepEqual(costOf(usage, listed(SONNET)), known(25_800_000));
  });

  it('rounds once, half up, to a billionth of a dollar', () => {
    const readAt = (cacheRead: number, tokens: number) =>
      costOf(used({ inputTokens: tokens, cacheReadTokens: tokens }), listed({ input: 1, output: 1, cacheRead }));
    assert.deepEqual(readAt(0.0005, 1), known(1));
    assert.deepEqual(readAt(0.000499, 1), known(0));
    assert.deepEqual(readAt(0.003625, 1), known(4));
    assert.deepEqual(readAt(0.003625, 8), known(29));
  });

  it('stays exact where binary fractions are not', () => {
    const price = listed({ input: 0.1, output: 0.7 });
    assert.deepEqual(costOf(used({ inputTokens: 3, outputTokens: 1 }), price), known(1_000));
    assert.deepEqual(
      costOf(used({ inputTokens: 999_999_999 }), listed({ input: 0.234375, output: 1 })),
      known(234_374_999_766),
    );
  });

  it('holds the largest call exactly', () => {
    const price = listed({ input: 4000, output: 4000 });
    const usage = used({ inputTokens: 1_000_000_000, outputTokens: 1_000_000_000 });
    assert.deepEqual(costOf(usage, price), known(8_000_000_000_000_000));
    assert.ok(Number.isSafeInteger(8_000_000_000_000_000));
  });

  it('charges the whole call at the long-prompt rates only above the bound', () => {
    const price = listed({ ...SONNET, above: [[200_000, { input: 6, output: 22.5 }]] });
    assert.deepEqual(costOf(used({ inputTokens: 200_000, outputTokens: 100 }), price), known(601_500_000));
    assert.deepEqual(costOf(used({ inputTokens: 200_001, outputTokens: 100 }), price), known(1_202_256_000));
  });

  it('takes the last bound that is passed', () => {
    const price = listed({
      input: 1,
      output: 1,
      above: [
        [10, { input: 2 }],
        [100, { input: 3 }],
      ],
    });
    assert.deepEqual(costOf(used({ inputTokens: 11 }), price), known(22_000));
    assert.deepEqual(costOf(used({ inputTokens: 101 }), price), known(303_000));
  });

  it('charges reasoning apart only where it has a price of its own', () => {
    const usage = used({ inputTokens: 100, outputTokens: 1_000, reasoningTokens: 400 });
    assert.deepEqual(costOf(usage, listed({ input: 2, output: 8 })), known(8_200_000));
    assert.deepEqual(costOf(usage, listed({ input: 2, output: 8, reasoning: 3 })), known(6_200_000));
  });

  it('charges the whole answer at the thinking rate once any of it was thought', () => {
    const price = listed({ input: 0.4, output: 1.2, thinkingOutput: 4 });
    assert.deepEqual(costOf(used({ outputTokens: 1_000, reasoningTokens: 1 }), price), known(4_000_000));
    assert.deepEqual(costOf(used({ outputTokens: 1_000 }), price), known(1_200_000));
  });

  it('adds the fee of the request', () => {
    assert.deepEqual(
      costOf(used({ inputTokens: 9, outputTokens: 402 }), listed({ input: 1, output: 1, request: 0.005 })),
      known(5_411_000),
    );
  });

  it('charges audio apart when it was counted apart', () => {
    const usage = { ...used({ inputTokens: 1_000, outputTokens: 500 }), audioInputTokens: 600, audioOutputTokens: 300 };
    // 400 at 0.6 + 600 at 10 + 200 at 2.4 + 300 at 20
    const price = listed({ input: 0.6, output: 2.4, audioInput: 10, audioOutput: 20 });
    assert.deepEqual(costOf(usage, price), known(12_720_000));
  });

  it('names the rates that others stood in for', () => {
    const usage = {
      ...used({ inputTokens: 40, cacheReadTokens: 10, cacheWriteTokens: 20, cacheWrite1hTokens: 10 }),
      audioInputTokens: 5,
    };
    const assumed = ['audioInput', 'cacheRead', 'cacheWrite', 'cacheWrite1h'];
    assert.deepEqual(costOf(usage, listed({ input: 1, output: 2 })), known(40_000, assumed));
    const withWrites = costOf(usage, listed({ input: 1, output: 2, cacheRead: 0.1, cacheWrite: 1.25 }));
    // 5 + 5 at 1, 10 at 0.1, 10 + 10 at 1.25
    assert.deepEqual(withWrites, known(36_000, ['audioInput', 'cacheWrite1h']));
  });

  it('is unknown where the price is, and never 0', () => {
    assert.deepEqual(costOf(used({ inputTokens: 1 }), { state: 'unknown' }), { state: 'unknown' });
    assert.deepEqual(costOf(NO_USAGE, { state: 'unknown' }), { state: 'unknown' });
  });

  it('is 0 where nothing is charged', () => {
    assert.deepEqual(costOf(used({ inputTokens: 1_000_000 }), { state: 'free' }), known(0));
  });

  it('charges each token once, however input and output are divided', () => {
    const flat: Rates = {
      input: 2,
      output: 2,
      cacheRead: 2,
      cacheWrite: 2,
      cacheWrite1h: 2,
      reasoning: 2,
      audioInput: 2,
      audioOutput: 2,
    };
    const tokens = fc.nat(1_000_000);
    fc.assert(
      fc.property(
        fc.tuple(tokens, tokens, tokens, tokens, tokens, tokens, tokens),
        ([uncached, read, write, hour, text, thought, audio]) => {
          const usage = used({
            inputTokens: uncached + read + write,
            cacheReadTokens: read,
            cacheWriteTokens: write,
            cacheWrite1hTokens: Math.min(hour, write),
            outputTokens: text + thought,
            reasoningTokens: thought,
          });
          const cost = costOf({ ...usage, audioInputTokens: audio, audioOutputTokens: audio }, listed(flat));
          assert.deepEqual(cost, known(2_000 * (usage.inputTokens + usage.outputTokens)));
        },
      ),
    );
  });

  it('takes no more tokens for an hour of cache than were written', () => {
    const usage = used({ inputTokens: 10, cacheWriteTokens: 10, cacheWrite1hTokens: 20 });
    assert.deepEqual(costOf(usage, listed(SONNET)), known(60_000));
  });

  it('never falls below 0 for counts that contradict each other', () => {
    const wild = fc.oneof(fc.integer(), fc.double(), fc.constant(Number.NaN));
    const counts = fc.record({
      inputTokens: wild,
      cacheReadTokens: wild,
      cacheWriteTokens: wild,
      cacheWrite1hTokens: wild,
      outputTokens: wild,
      reasoningTokens: wild,
    });
    fc.assert(
      fc.property(counts, (usage) => {
        const cost: Cost = costOf(used(usage), listed(SONNET));
        assert.ok(cost.state === 'known' && cost.nanoUsd >= 0 && Number.isSafeInteger(cost.nanoUsd));
      }),
    );
  });
});
