import assert from 'node:assert/strict';
import { it } from 'node:test';

import * as z from 'zod/mini';

import { inSnakeCase } from './member-names.ts';

const SHAPE = z.object({
  provider_id: z.string(),
  auth_data: z.looseObject({}),
  limits: z.optional(z.object({ budget_usd: z.optional(z.number()) })),
});

it('members in camel case are read under the names of the shape, however deep', () => {
  const given = { providerId: 'openai', auth_data: { apiKey: 'x' }, limits: { budgetUsd: 2 } };
  assert.deepEqual(inSnakeCase(SHAPE, given), {
    provider_id: 'openai',
    auth_data: { apiKey: 'x' },
    limits: { budget_usd: 2 },
  });
  assert.equal(given.providerId, 'openai');
});

it('members that are unknown in either case, or there in both, stay', () => {
  const given = { somethingElse: 1, provider_id: 'a', providerId: 'b' };
  assert.deepEqual(inSnakeCase(SHAPE, given), given);
  assert.equal(inSnakeCase(SHAPE, 'text'), 'text');
});
