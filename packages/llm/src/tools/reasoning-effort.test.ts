import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import type { GenerationRequest, ReasoningSettings } from '../model/request.ts';
import {
  budgetOfEffort,
  effortOfBudget,
  effortOfLevel,
  effortOfWord,
  EFFORTS,
  levelOfEffort,
  nearestEffort,
  restateReasoning,
  type Effort,
  type ReasoningForm,
} from './reasoning-effort.ts';

const efforts = EFFORTS.map(({ effort }) => effort);

describe('an effort', () => {
  it('comes back from its budget and, as far as levels go, from its level', () => {
    for (const effort of efforts) assert.equal(effortOfBudget(budgetOfEffort(effort) ?? Number.NaN), effort);
    for (const level of ['minimal', 'low', 'medium', 'high'] as const)
      assert.equal(levelOfEffort(effortOfLevel(level)), level);
    assert.equal(levelOfEffort('none'), undefined);
    assert.equal(levelOfEffort('max'), 'high');
  });

  it('is more thinking the further down the table it stands', () => {
    const budgets = efforts.map((effort) => budgetOfEffort(effort) ?? Number.NaN);
    assert.deepEqual(
      budgets,
      budgets.toSorted((one, other) => one - other),
    );
    assert.equal(new Set(budgets).size, budgets.length);
  });

  it('is read in any letter case', () => {
    assert.equal(effortOfWord('XHigh'), 'xhigh');
    assert.equal(effortOfWord('ultra'), undefined);
    assert.equal(effortOfWord('constructor'), undefined);
  });
});

describe('a budget', () => {
  it('never leaves its bounds', () => {
    const tokens = fc.integer({ min: 1, max: 100_000 });
    fc.assert(
      fc.property(fc.constantFrom(...efforts), tokens, tokens, tokens, (effort, least, most, maxOutputTokens) => {
        const bounds = { budgetTokensMin: least, budgetTokensMax: most, maxOutputTokens };
        const budget = budgetOfEffort(effort, bounds);
        if (effort === 'none') assert.equal(budget, 0);
        else if (least > Math.min(most, maxOutputTokens - 1)) assert.equal(budget, undefined);
        else assert.ok(budget !== undefined && budget >= least && budget <= most && budget < maxOutputTokens);
      }),
    );
  });

  it('counts as the least effort that can hold it', () => {
    assert.deepEqual([0, 1, 2048, 2049, 8192, 31_999, 1e9].map(effortOfBudget), [
      'none',
      'minimal',
      'low',
      'medium',
      'medium',
      'xhigh',
      'max',
    ]);
  });
});

describe('the nearest word', () => {
  const common: readonly Effort[] = ['low', 'medium', 'high'];

  it('is never silence for those who want thought', () => {
    assert.equal(nearestEffort('minimal', ['none', 'high']), 'high');
    assert.equal(nearestEffort('minimal', ['none']), undefined);
    assert.equal(nearestEffort('minimal', common), 'low');
    assert.equal(nearestEffort('max', common), 'high');
  });

  it('is the least thought where nobody may be told not to think', () => {
    assert.equal(nearestEffort('none', common), 'low');
    assert.equal(nearestEffort('none', ['none', ...common]), 'none');
    assert.equal(nearestEffort('none', []), undefined);
  });
});

describe('reasoning said in another form', () => {
  const requestOf = (reasoning: ReasoningSettings | undefined, maxOutputTokens?: number): GenerationRequest => ({
    model: 'm',
    messages: [],
    stream: false,
    streamUsage: false,
    ...(reasoning && { reasoning }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
  });
  const restated = (
    reasoning: ReasoningSettings,
    form: ReasoningForm,
    maxOutputTokens?: number,
  ): readonly [ReasoningSettings | undefined, ...string[]] => {
    const { request, losses } = restateReasoning(requestOf(reasoning, maxOutputTokens), form);
    return [request.reasoning, ...losses.map(({ path, instead }) => `${path};${instead}`)];
  };
  const words: ReasoningForm = { say: 'effort', words: ['low', 'medium', 'high'] };
  const tokens: ReasoningForm = { say: 'budget', budgetTokensMin: 1024, budgetTokensMax: 24_576 };

  it('is an effort for a budget, and a budget for an effort', () => {
    assert.deepEqual(restated({ mode: 'enabled', budgetTokens: 4000 }, words), [
      { effort: 'medium' },
      'reasoning.budgetTokens;approximated',
    ]);
    assert.deepEqual(restated({ effort: 'xhigh' }, tokens), [
      { mode: 'enabled', budgetTokens: 24_576 },
      'reasoning.effort;approximated',
    ]);
    assert.deepEqual(restated({ effort: 'none' }, tokens), [{ mode: 'disabled' }]);
  });

  it('leaves room for the answer, or goes where there is none', () => {
    assert.deepEqual(restated({ effort: 'high' }, tokens, 2000)[0], { mode: 'enabled', budgetTokens: 1999 });
    assert.deepEqual(restated({ effort: 'high' }, tokens, 1024), [undefined, 'reasoning.effort;dropped']);
    assert.deepEqual(restated({ mode: 'enabled', budgetTokens: 50_000 }, tokens), [
      { mode: 'enabled', budgetTokens: 24_576 },
      'reasoning.budgetTokens;approximated',
    ]);
  });

  it('is not switched off where the target must think', () => {
    assert.deepEqual(restated({ mode: 'disabled' }, words), [{ effort: 'low' }, 'reasoning.mode;approximated']);
    assert.deepEqual(restated({ mode: 'disabled' }, { say: 'effort', words: ['none', 'low'] }), [{ effort: 'none' }]);
  });

  it('leaves what fits, and what it does not understand, the very same', () => {
    const settings: readonly (readonly [ReasoningSettings | undefined, ReasoningForm])[] = [
      [undefined, words],
      [{ effort: 'low' }, words],
      [{ mode: 'enabled', budgetTokens: 2000 }, tokens],
      [{ budgetTokens: 2000 }, tokens],
      [{ mode: 'adaptive' }, tokens],
      [{ effort: 'ultra' }, words],
    ];
    for (const [reasoning, form] of settings) {
      const request = requestOf(reasoning);
      assert.equal(restateReasoning(request, form).request, request);
    }
  });

  it('keeps what else is said', () => {
    const extras = { 'openai-responses': { summary: 'auto' } };
    assert.deepEqual(restated({ effort: 'max', extras }, words)[0], { extras, effort: 'high' });
  });
});
