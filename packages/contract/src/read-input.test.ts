import assert from 'node:assert/strict';
import { it } from 'node:test';

import * as z from 'zod/mini';

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
  assert.match(read.errors[4]?.message ?? '', /^Must be a text\.$/);
  assert.ok(!JSON.stringify(read).includes('17'));
});

it('says it in sentences that fit beside a field', () => {
  const Form = z.strictObject({
    name: z.string().check(z.minLength(1)),
    code: z.string().check(z.length(4)),
    count: z.int().check(z.minimum(1), z.maximum(9)),
    share: z.number().check(z.positive()),
    email: z.email(),
    site: z.url(),
    role: z.enum(['admin', 'viewer']),
    kind: z.literal('key'),
    tags: z.array(z.string()).check(z.maxLength(2)),
    on: z.boolean(),
    when: z.iso.datetime(),
    odd: z.string().check(z.regex(/^x$/)),
  });
  const read = readInput(Form, {
    name: '',
    code: 'abc',
    count: 0,
    share: 0,
    email: 'canary',
    site: 'canary',
    role: 'canary',
    kind: 'canary',
    tags: ['a', 'b', 'c'],
    on: 'canary',
    odd: 'canary',
    more: 1,
    most: 2,
  });
  assert.ok(!read.ok);
  assert.deepEqual(Object.fromEntries(read.errors.map(({ field, message }) => [field, message])), {
    name: 'Must not be empty.',
    code: 'Must have exactly 4 characters.',
    count: 'Must be at least 1.',
    share: 'Must be more than 0.',
    email: 'Must be an e-mail address.',
    site: 'Must be an address such as https://example.com.',
    role: 'Must be one of admin, viewer.',
    kind: 'Must be key.',
    tags: 'Must have at most 2 items.',
    on: 'Must be true or false.',
    when: 'Is missing.',
    odd: 'Invalid string: must match pattern /^x$/',
    '': 'more, most are not known here.',
  });
});
