import assert from 'node:assert/strict';
import { it } from 'node:test';

import { CreateAccount } from '@patchbay/contract/resources/account';
import { CreateApiKey } from '@patchbay/contract/resources/api-key';

import { inSnakeCase } from './member-names.ts';

it('members in camel case are read under the names of the shape, however deep', () => {
  const account = { providerId: 'openai', auth_data: { apiKey: 'x' } };
  assert.deepEqual(inSnakeCase(CreateAccount, account), { provider_id: 'openai', auth_data: { apiKey: 'x' } });
  assert.equal(account.providerId, 'openai');
  const key = { expiresAt: 'later', limits: { budgetUsd: 2 } };
  assert.deepEqual(inSnakeCase(CreateApiKey, key), { expires_at: 'later', limits: { budget_usd: 2 } });
});

it('members that are unknown in either case, or there in both, stay', () => {
  const given = { somethingElse: 1, provider_id: 'a', providerId: 'b' };
  assert.deepEqual(inSnakeCase(CreateAccount, given), given);
  assert.equal(inSnakeCase(CreateAccount, 'text'), 'text');
});
