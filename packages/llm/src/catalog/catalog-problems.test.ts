import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { catalogProblems } from './catalog-problems.ts';

const withModel = (row: unknown) => catalogProblems({ sources: [], providers: { acme: { one: row } } });
const withPrice = (price: unknown) => withModel({ name: 'One', price });

describe('a catalogue from outside', () => {
  it('is sound when it says little', () => {
    assert.deepEqual(withModel({ name: 'One' }), []);
    assert.deepEqual(withPrice('free'), []);
    assert.deepEqual(withPrice({ input: 0.5, output: 0, changes: [{ from: '2027-01-01', input: 1, output: 1 }] }), []);
  });

  it('must have the shape of one', () => {
    assert.deepEqual(catalogProblems([]), ['The catalogue has no member `providers`.']);
    assert.deepEqual(catalogProblems({ providers: {} }), ['The catalogue does not say its `sources`.']);
    assert.deepEqual(catalogProblems({ sources: [], providers: { acme: 1 } }), ['acme is not an object of models.']);
    assert.deepEqual(withModel({}), ['acme/one: has no name']);
  });

  const WRONG = [
    [{ name: 'One', contxt: 5 }, 'knows no member contxt'],
    [{ name: 'One', context: 0 }, 'context is not a number of tokens'],
    [{ name: 'One', can: 'fly' }, 'can is fly'],
    [{ name: 'One', status: 'great' }, 'status is great'],
    [{ name: 'One', budget: [1] }, 'budget is not a pair of bounds'],
    [{ name: 'One', aliases: [''] }, 'aliases is not a list of names'],
    [{ name: 'One', price: 0 }, 'price is neither `free` nor an object of rates'],
    [{ name: 'One', price: { input: 1 } }, 'price lacks output'],
    [{ name: 'One', price: { input: 1, output: 2, cache: 1 } }, 'price knows no rate cache'],
    [
      { name: 'One', price: { input: -1, output: 2 } },
      'price input is -1, not a rate of at most six decimals up to 4000',
    ],
    [
      { name: 'One', price: { input: '1', output: 2 } },
      'price input is 1, not a rate of at most six decimals up to 4000',
    ],
    [
      { name: 'One', price: { input: 4001, output: 2 } },
      'price input is 4001, not a rate of at most six decimals up to 4000',
    ],
    [
      { name: 'One', price: { input: 1e-7, output: 2 } },
      'price input is 1e-7, not a rate of at most six decimals up to 4000',
    ],
    [
      { name: 'One', price: { input: 1, output: 2, above: [[0.5, { input: 1 }]] } },
      'price has no bound of prompt size',
    ],
    [
      { name: 'One', price: { input: 1, output: 2, changes: [{ from: 'soon', input: 1, output: 1 }] } },
      'price from is no day',
    ],
    [
      { name: 'One', price: { input: 1, output: 2, changes: [{ hours: ['1', '25:00'], input: 1, output: 1 }] } },
      'price hours are not two times',
    ],
    [
      { name: 'One', price: { input: 1, output: 2, changes: [{ days: [7], input: 1, output: 1 }] } },
      'price days are not numbers from 0 to 6',
    ],
  ] as const;

  for (const [row, problem] of WRONG) {
    it(`is told: ${problem}`, () => assert.deepEqual(withModel(row), [`acme/one: ${problem}`]));
  }
});
