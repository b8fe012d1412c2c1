import assert from 'node:assert/strict';
import { it } from 'node:test';

import { readInput } from './read-input.ts';
import { AuthConfig, CreateProvider } from './resources/provider.ts';

it('fills defaults in', () => {
  assert.deepEqual(readInput(AuthConfig, { type: 'custom' }), { ok: true, value: { type: 'custom', fields: {} } });
});

it('says in English what is wrong and where, without repeating it', () => {
  const read = readInput(CreateProvider, { name: '', authConfig: { type: 'custom', headers: { canary: 17 } } });
  assert.ok(!read.ok);
  assert.deepEqual(
    read.errors.map(({ field }) => field),
    ['identifier', 'name', 'apiEndpoint', 'authMethod', 'authConfig.headers.canary', 'capabilities'],
  );
  assert.match(read.errors[4]?.message ?? '', /expected string, received number/);
  assert.ok(!JSON.stringify(read).includes('17'));
});
