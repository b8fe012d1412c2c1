import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import type { Json, JsonObject } from '../../model/json.ts';
import { LOSSES_MAX } from '../losses.ts';
import { compileSchema } from './compile-schema.ts';
import { jsonSize } from './json-size.ts';
import { isObject, kindOf } from './keywords.ts';
import type { SchemaTarget } from './targets.ts';

const TARGETS: readonly SchemaTarget[] = ['gemini', 'openai-strict', 'anthropic-strict', 'plain'];
const ROOTS = ['any', 'object'] as const;
const RUNS = { numRuns: 1000 };

/** Names that members of objects may have and that must not be mistaken for anything. */
const NAMES = ['a', 'b', '$ref', 'properties', 'enum', 'type', '__proto__', 'constructor', 'odd name', ''];
const name = fc.constantFrom(...NAMES);
const junk: fc.Arbitrary<Json> = fc.constantFrom<Json>(null, true, false, 0, -1.5, '', 'a', [], {}, [1, 'a', null], {
  $ref: '#',
  properties: { $ref: 1 },
});
const type = fc.constantFrom<Json>(
  'string',
  'integer',
  'number',
  'boolean',
  'array',
  'object',
  'null',
  'STRING',
  'OBJECT',
  'TYPE_UNSPECIFIED',
  'date',
  ['string', 'null'],
  ['object', 'array', 'null'],
  ['integer', 'number'],
  [],
);
const values = fc.oneof(fc.array(junk, { maxLength: 4 }), fc.constant<Json>(['a', 'b', null]));
const limit = fc.oneof(fc.integer({ min: -3, max: 5 }), fc.constantFrom<Json>(1.5, '3', true, false, 'x'));
const reference = fc.constantFrom<Json>('#', '#/$defs/a', '#/$defs/b', '#/properties/a', '#c', 'other.json', '#/%', 3);

interface Levels {
  readonly schema: Json;
}

const { schema } = fc.letrec<Levels>((tie) => {
  const one = tie('schema');
  const list = fc.array(one, { maxLength: 3 });
  const map = fc.dictionary(name, one, { maxKeys: 3, noNullPrototype: true });
  const words: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
    $ref: reference,
    $schema: fc.constant<Json>('https://json-schema.org/draft/2020-12/schema'),
    $anchor: fc.constantFrom<Json>('c'),
    $comment: junk,
    type,
    const: junk,
    enum: values,
    default: junk,
    examples: values,
    example: junk,
    title: fc.constantFrom<Json>('Title', 3),
    description: fc.constantFrom<Json>('Said.', null),
    nullable: fc.boolean(),
    properties: fc.oneof(map, junk),
    required: fc.oneof(fc.array(name, { maxLength: 3 }), junk),
    additionalProperties: one,
    patternProperties: map,
    dependencies: map,
    items: fc.oneof(one, list),
    additionalItems: one,
    prefixItems: list,
    contains: one,
    allOf: list,
    anyOf: fc.oneof(list, junk),
    oneOf: list,
    not: one,
    if: one,
    ...Object.fromEntries(['then', 'else'].map((keyword) => [keyword, one])),
    minimum: limit,
    exclusiveMinimum: limit,
    exclusiveMaximum: limit,
    minLength: limit,
    maxItems: limit,
    multipleOf: fc.constantFrom<Json>(2, 0.5, 0),
    pattern: fc.constantFrom<Json>('^a', 3),
    format: fc.constantFrom<Json>('uuid', 'date-time', 'int64', 3),
    uniqueItems: fc.boolean(),
    propertyOrdering: values,
    'x-own': junk,
    $defs: map,
  };
  const word = fc.oneof(
    ...Object.entries(words).map(([keyword, said]) => said.map((value) => [keyword, value as Json])),
  );
  const object = fc.array(word, { maxLength: 6 }).map((said): Json => Object.fromEntries(said));
  return { schema: fc.oneof({ maxDepth: 4, depthSize: 'small' }, junk, fc.boolean(), object, object, object) };
});

/** Objects with some keywords, references and definitions, in the mean. */
const document: fc.Arbitrary<JsonObject> = fc
  .tuple(schema, fc.dictionary(fc.constantFrom('a', 'b', 'c'), schema, { noNullPrototype: true }))
  .map(([top, $defs]) => plainly({ ...(isObject(top) ? top : {}), $defs }));

/** As it would be after a journey through bytes. */
const plainly = (value: unknown): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject;

/** Every schema of a compiled schema, itself included; what holds data is left alone. */
function schemasIn(value: Json): readonly JsonObject[] {
  if (!isObject(value)) return [];
  const inner = Object.entries(value).flatMap(([keyword, each]) => {
    const kind = kindOf(keyword);
    if (kind === 'data' || typeof each !== 'object' || each === null) return [];
    return kind === 'schema' ? [each as Json] : (Object.values(each) as readonly Json[]);
  });
  return [value, ...inner.flatMap(schemasIn)];
}

const STRUCTURE = ['type', 'description', 'enum', 'properties', 'required', 'items', 'anyOf'];
const TEXT = ['title', 'pattern', 'format'];
const RANGES = ['minimum', 'maximum', 'minItems', 'maxItems'];
const LENGTHS = ['minLength', 'maxLength', 'minProperties', 'maxProperties'];

/** The words of each target; what JSON Schema has and `plain` has not. */
const WORDS: Readonly<Record<Exclude<SchemaTarget, 'plain'>, ReadonlySet<string>>> = {
  'anthropic-strict': new Set([...STRUCTURE, 'title', 'format', 'default', 'additionalProperties']),
  gemini: new Set([...STRUCTURE, ...TEXT, ...RANGES, ...LENGTHS, 'nullable', 'default', 'propertyOrdering']),
  'openai-strict': new Set([
    ...STRUCTURE,
    ...TEXT,
    ...RANGES,
    'additionalProperties',
    'exclusiveMinimum',
    'exclusiveMaximum',
    'multipleOf',
  ]),
};
const NEVER_PLAIN = ['$ref', '$defs', 'definitions', '$schema', '$anchor', 'allOf', 'const', 'nullable', 'example'];

function strangeTo(target: SchemaTarget, found: JsonObject): readonly string[] {
  const keywords = Object.keys(found);
  return target === 'plain'
    ? keywords.filter((each) => NEVER_PLAIN.includes(each))
    : keywords.filter((each) => !WORDS[target].has(each));
}

for (const target of TARGETS)
  describe(`any JSON compiled for ${target}`, () => {
    const each = (check: (given: JsonObject, root: 'any' | 'object') => void): void =>
      fc.assert(fc.property(document, fc.constantFrom(...ROOTS), check), RUNS);

    it('has no word in it that the target refuses', () => {
      each((given, root) => {
        for (const found of schemasIn(compileSchema(given, target, { root }).schema))
          assert.deepEqual(strangeTo(target, found), []);
      });
    });

    it('stays as it is when it is compiled again', () => {
      each((given, root) => {
        const once = compileSchema(given, target, { root }).schema;
        assert.deepEqual(compileSchema(once, target, { root }).schema, once);
      });
    });

    it('is at most so many times as large', () => {
      each((given, root) => {
        const { schema: made, losses } = compileSchema(given, target, { root });
        assert.ok(jsonSize(made) <= 64 * jsonSize(given) + 64 * 1024, `${jsonSize(made)} of ${jsonSize(given)}`);
        assert.ok(losses.length <= LOSSES_MAX + 1);
      });
    });

    it('does not change what it is made of', () => {
      each((given, root) => {
        const before = JSON.stringify(given);
        compileSchema(given, target, { root });
        assert.equal(JSON.stringify(given), before);
      });
    });
  });

describe('any JSON compiled for gemini', () => {
  it('has one type everywhere, or alternatives and nothing beside them', () => {
    fc.assert(
      fc.property(document, (given) => {
        for (const found of schemasIn(compileSchema(given, 'gemini').schema)) {
          if (found['anyOf'] === undefined) assert.equal(typeof found['type'], 'string');
          else assert.deepEqual(Object.keys(found), ['anyOf']);
          assert.ok(found['type'] !== 'array' || isObject(found['items']));
          const texts = (found['enum'] ?? []) as readonly Json[];
          assert.ok(texts.every((each) => typeof each === 'string' && each !== ''));
          assert.ok(texts.length === 0 || found['type'] === 'string');
        }
      }),
      RUNS,
    );
  });
});

describe('any JSON compiled for openai-strict', () => {
  it('closes every object and requires all its members', () => {
    fc.assert(
      fc.property(document, (given) => {
        for (const found of schemasIn(compileSchema(given, 'openai-strict').schema)) {
          assert.ok(found['type'] !== undefined || found['anyOf'] !== undefined);
          if (![found['type']].flat().includes('object')) continue;
          assert.equal(found['additionalProperties'], false);
          assert.deepEqual(found['required'], Object.keys(found['properties'] as JsonObject));
        }
      }),
      RUNS,
    );
  });
});

describe('any JSON compiled for anthropic-strict', () => {
  it('closes every object and requires no more than its members', () => {
    fc.assert(
      fc.property(document, (given) => {
        for (const found of schemasIn(compileSchema(given, 'anthropic-strict').schema)) {
          if (![found['type']].flat().includes('object')) continue;
          assert.equal(found['additionalProperties'], false);
          const members = Object.keys(found['properties'] as JsonObject);
          for (const name of found['required'] as readonly string[]) assert.ok(members.includes(name));
        }
      }),
      RUNS,
    );
  });
});
