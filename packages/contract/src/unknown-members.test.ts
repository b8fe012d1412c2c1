import assert from 'node:assert/strict';
import { it } from 'node:test';

import * as z from 'zod/mini';

import { CreateProvider, Provider } from './resources/provider.ts';
import { memberNames, unknownMembers } from './unknown-members.ts';

const fieldsOf = (schema: z.ZodMiniType, value: unknown): readonly string[] =>
  unknownMembers(schema, value).map(({ field }) => field);

it('are found at any depth, behind optional and default', () => {
  const schema = z.object({
    a: z.optional(z.object({ b: z.string() })),
    list: z._default(z.array(z.object({ c: z.string() })), []),
    map: z.record(z.string(), z.nullable(z.object({ d: z.string() }))),
  });
  const value = { a: { x: 1 }, list: [{}, { y: 1 }], map: { any: { z: 1 }, none: null }, w: 1 };
  assert.deepEqual(fieldsOf(schema, value), ['a.x', 'list.1.y', 'map.any.z', 'w']);
});

it('are none where a shape is open', () => {
  assert.deepEqual(fieldsOf(z.looseObject({ a: z.object({}) }), { b: 1, a: { c: 1 } }), ['a.c']);
});

it('are those of the best fitting shape of several', () => {
  const schema = z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]);
  assert.deepEqual(fieldsOf(schema, { b: '' }), []);
  assert.deepEqual(fieldsOf(schema, { b: '', c: '' }), ['c']);
});

it('are told with what could have been meant, unless they are known elsewhere', () => {
  const [found] = unknownMembers(CreateProvider, { nmae: 'x', id: 'y' }, memberNames(Provider));
  assert.equal(found?.name, 'nmae');
  assert.ok(found?.known.includes('name'));
});

it('are no names that every object inherits', () => {
  assert.deepEqual(fieldsOf(z.object({}), { constructor: 1, toString: {} }), ['constructor', 'toString']);
});
