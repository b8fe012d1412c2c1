import assert from 'node:assert/strict';
import { it } from 'node:test';

import { OPERATIONS, type Operation } from '@patchbay/contract';

import { served } from './mount-operations.ts';

const ALL: readonly Operation[] = Object.values<Operation>(OPERATIONS);

it('an operation without a handler ends the start with its name', () => {
  const handled = Object.fromEntries(ALL.map(({ id }) => [id, () => assert.fail('called')]));
  assert.equal(
    served({ operations: ALL, handlers: handled }, 'catalogue').length,
    ALL.filter(({ face }) => face === 'catalogue').length,
  );
  const { 'users.delete': _, ...fewer } = handled;
  assert.throws(() => served({ operations: ALL, handlers: fewer }, 'catalogue'), {
    message: 'No handler for users.delete.',
  });
});
