import assert from 'node:assert/strict';
import { it } from 'node:test';

import { OPERATIONS, type Operation } from '@patchbay/contract';

import { toolsOf } from './tools.ts';

const ALL = Object.values<Operation>(OPERATIONS).map((operation) => ({
  operation,
  handler: () => assert.fail('called'),
}));

it('a tool whose operation nothing carries out ends the start', () => {
  const fewer = ALL.filter(({ operation }) => operation.id !== 'mappings.update');
  assert.throws(() => toolsOf(fewer), { message: 'The tool update_mapping has no operation mappings.update.' });
});

it('no argument of a tool stands in two parts of its request', () => {
  for (const { operation, name } of toolsOf(ALL).values()) {
    const names = [operation.params, operation.query, operation.body].flatMap((part) =>
      part === undefined ? [] : Object.keys((part._zod.def as { shape?: object }).shape ?? {}),
    );
    assert.equal(new Set(names).size, names.length, name);
  }
});
