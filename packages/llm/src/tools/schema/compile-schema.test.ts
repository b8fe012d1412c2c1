import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Json, JsonObject } from '../../model/json.ts';
import { counted } from '../../testing/work.ts';
import { LOSSES_MAX } from '../losses.ts';
import { compileSchema, type CompileOptions } from './compile-schema.ts';
import { jsonSize } from './json-size.ts';
import type { SchemaTarget } from './targets.ts';

const made = (schema: JsonObject, target: SchemaTarget, options?: CompileOptions): JsonObject =>
  compileSchema(schema, target, options).schema;

const told = (schema: JsonObject, target: SchemaTarget, options?: CompileOptions): readonly string[] =>
  compileSchema(schema, target, options).losses.map(({ path, instead }) => `${path};${instead}`);

const one = (schema: Json): JsonObject => ({ type: 'object', properties: { a: schema }, required: ['a'] });
const oneMade = (schema: Json, target: SchemaTarget): Json | undefined =>
  (made(one(schema), target)['properties'] as JsonObject)['a'];

describe('references', () => {
  const text = { type: 'string', description: 'A city.' };

  it('are put in place, whatever they are called by', () => {
    const named = { $id: 'urn:city', $anchor: 'city', ...text };
    for (const $ref of ['#/$defs/c%20d~1e', '#city', 'urn:city', 'urn:city#'])
      assert.deepEqual(
        made({ properties: { a: { $ref } }, $defs: { 'c d/e': named } }, 'plain'),
        { properties: { a: text } },
        $ref,
      );
  });

  it('say what is said beside them as well', () => {
    const schema = { ...one({ $ref: '#/$defs/c', description: 'Where to.', maxLength: 9 }), $defs: { c: text } };
    assert.deepEqual((made(schema, 'plain')['properties'] as JsonObject)['a'], {
      description: 'Where to.\nA city.',
      maxLength: 9,
      type: 'string',
    });
    assert.deepEqual(told(schema, 'plain'), []);
  });

  it('that lead nowhere leave anything possible, and are told', () => {
    const schema = one({ $ref: 'https://example.com/schema.json' });
    assert.deepEqual(made(schema, 'plain'), one({}));
    assert.deepEqual(told(schema, 'plain'), ['schema.properties.a.$ref;dropped']);
  });

  it('that lead to each other say nothing', () => {
    const schema = { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } } };
    assert.deepEqual(made(schema, 'plain'), {});
  });

  it('into themselves are followed a few rounds', () => {
    const schema = { type: 'object', properties: { name: { type: 'string' }, child: { $ref: '#' } } };
    const level = (child: Json): Json => ({ type: 'object', properties: { name: { type: 'string' }, child } });
    assert.deepEqual(made(schema, 'gemini'), level(level(level({ type: 'object' }))));
    const at = 'schema.properties.child.properties.child.properties.child';
    assert.deepEqual(told(schema, 'gemini'), [`${at};approximated`]);
  });

  it('into themselves are followed less where that would be long', () => {
    const children = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`child_${at}`, { $ref: '#' }]));
    const schema = { type: 'object', properties: { ...children, name: { type: 'string' } } };
    const all = made(schema, 'gemini')['properties'] as JsonObject;
    assert.ok(jsonSize(all) < 16 * 1024);
    // Every member has the same shape: none was unrolled at the cost of another.
    const shapes = new Set(Object.keys(children).map((name) => JSON.stringify(all[name])));
    assert.equal(shapes.size, 1);
  });
});

describe('places that hold data', () => {
  const data = { $ref: '#/nowhere', allOf: [1], const: 2, properties: 'x' };

  it('keep what looks like a schema', () => {
    const schema = { type: 'object', enum: [data], default: data, examples: [data], 'x-own': data };
    assert.deepEqual(made(schema, 'plain'), schema);
    assert.deepEqual(made({ const: data }, 'plain'), { enum: [data] });
  });

  it('hold members of any name', () => {
    const schema = JSON.parse(
      '{"properties":{"$ref":{"type":"string"},"properties":{"type":"string"},"__proto__":{"type":"string"}}}',
    ) as JsonObject;
    assert.deepEqual(made(schema, 'plain'), schema);
    for (const target of ['gemini', 'openai-strict'] as const)
      assert.deepEqual(Object.keys(made(schema, target)['properties'] as JsonObject), [
        '$ref',
        'properties',
        '__proto__',
      ]);
  });
});

describe('`allOf`', () => {
  it('becomes one schema that says all of it', () => {
    const schema = {
      allOf: [
        { type: 'object', properties: { a: { type: ['string', 'null'], minLength: 1 } }, required: ['a'] },
        { properties: { a: { type: 'string', maxLength: 9 }, b: { enum: [1, 2, 3] } } },
        { properties: { b: { enum: [2, 3, 4] } }, required: ['b'] },
      ],
      minProperties: 1,
    };
    assert.deepEqual(made(schema, 'plain'), {
      type: 'object',
      properties: { a: { type: 'string', minLength: 1, maxLength: 9 }, b: { enum: [2, 3] } },
      required: ['a', 'b'],
      minProperties: 1,
    });
    assert.deepEqual(told(schema, 'plain'), []);
  });

  it('pairs the alternatives of its parts', () => {
    const schema = { allOf: [{ anyOf: [{ minLength: 1 }, { pattern: 'a' }] }, { anyOf: [{ maxLength: 9 }] }] };
    assert.deepEqual(made(schema, 'plain'), {
      anyOf: [
        { minLength: 1, maxLength: 9 },
        { pattern: 'a', maxLength: 9 },
      ],
    });
  });

  it('keeps the outer one of two values that have no common one', () => {
    const schema = { type: 'string', pattern: 'a', allOf: [{ pattern: 'b' }] };
    assert.deepEqual(made(schema, 'plain'), { type: 'string', pattern: 'a' });
    assert.deepEqual(told(schema, 'plain'), ['schema.pattern;dropped']);
  });

  it('of parts that exclude each other fits nothing', () => {
    const never = { allOf: [{ type: 'string' }, { type: 'number' }] };
    assert.deepEqual(made(one(never), 'plain'), one({ not: {} }));
    assert.deepEqual(made({ anyOf: [never, { type: 'boolean' }] }, 'gemini'), { type: 'boolean' });
    assert.deepEqual(told(one(never), 'gemini'), ['schema.properties.a;dropped', 'schema.required;dropped']);
  });
});

describe('older and foreign spellings', () => {
  it('are read as what they mean', () => {
    const schema = {
      type: 'OBJECT',
      properties: {
        draft4: { type: 'number', minimum: 0, exclusiveMinimum: true },
        draft7: { type: 'array', items: [{ type: 'string' }], additionalItems: false },
        google: { type: 'ARRAY', maxItems: '3', items: { type: 'TYPE_UNSPECIFIED' } },
        openApi: { type: 'string', enum: ['a'], nullable: true, example: 'a' },
      },
      dependencies: { draft4: ['draft7'] },
      definitions: {},
    };
    assert.deepEqual(made(schema, 'plain'), {
      type: 'object',
      properties: {
        draft4: { type: 'number', exclusiveMinimum: 0 },
        draft7: { type: 'array', prefixItems: [{ type: 'string' }], items: false },
        google: { type: 'array', maxItems: 3, items: {} },
        openApi: { type: ['string', 'null'], enum: ['a', null], examples: ['a'] },
      },
      dependentRequired: { draft4: ['draft7'] },
    });
    assert.deepEqual(told(schema, 'plain'), []);
  });

  it('let `null` in beside whatever they say', () => {
    const city = { type: 'string' };
    const nullable = (schema: JsonObject): Json | undefined =>
      made({ items: { ...schema, nullable: true }, $defs: { city } }, 'plain')['items'];
    assert.deepEqual(nullable({ type: 'string', allOf: [{ maxLength: 3 }] }), {
      type: ['string', 'null'],
      maxLength: 3,
    });
    assert.deepEqual(nullable({ properties: {} }), { type: ['object', 'null'], properties: {} });
    assert.deepEqual(nullable({ anyOf: [city] }), { anyOf: [city, { type: 'null' }] });
    assert.deepEqual(nullable({ $ref: '#/$defs/city', title: 'City' }), {
      title: 'City',
      anyOf: [city, { type: 'null' }],
    });
  });

  it('that mean nothing are left out and told', () => {
    const schema = { type: 'date', properties: 3, required: true, enum: [], minLength: 'many', anyOf: [1] };
    assert.deepEqual(made(schema, 'plain'), {});
    assert.deepEqual(
      told(schema, 'plain').toSorted(),
      ['anyOf', 'enum', 'minLength', 'properties', 'required', 'type'].map((each) => `schema.${each};dropped`),
    );
  });
});

describe('a schema for gemini', () => {
  it('lets `null` in by a mark', () => {
    assert.deepEqual(oneMade({ type: ['string', 'null'] }, 'gemini'), { type: 'string', nullable: true });
    assert.deepEqual(oneMade({ anyOf: [{ type: 'number' }, { type: 'null' }], title: 'Size' }, 'gemini'), {
      type: 'number',
      nullable: true,
      title: 'Size',
    });
    assert.deepEqual(oneMade({ anyOf: [{ type: 'number' }, { const: null }, { type: 'boolean' }] }, 'gemini'), {
      anyOf: [{ type: 'number', nullable: true }, { type: 'boolean' }],
    });
  });

  it('lets `null` in where it is hidden', () => {
    const hidden = { allOf: [{ type: 'null' }] };
    assert.deepEqual(oneMade({ anyOf: [hidden, { type: 'string' }] }, 'gemini'), { type: 'string', nullable: true });
    const either = { anyOf: [hidden, { type: 'string' }, { type: 'boolean' }] };
    assert.deepEqual(oneMade(either, 'gemini'), {
      anyOf: [{ type: 'string', nullable: true }, { type: 'boolean' }],
    });
  });

  it('says in each alternative what stood beside them all', () => {
    const either = { oneOf: [{ type: 'string' }, { type: 'integer' }], description: 'Name or number.', default: 1 };
    const described = { description: 'Name or number. (default: 1)' };
    assert.deepEqual(oneMade(either, 'gemini'), {
      anyOf: [
        { type: 'string', ...described },
        { type: 'integer', ...described },
      ],
    });
    assert.deepEqual(told(one(either), 'gemini'), [
      'schema.properties.a.oneOf;approximated',
      'schema.properties.a.default;moved',
    ]);
  });

  it('tells in words what it cannot say', () => {
    const schema = { type: 'string', description: 'Who.', format: 'uuid', const: 'a', 'x-own': 1 };
    assert.deepEqual(oneMade(schema, 'gemini'), {
      type: 'string',
      enum: ['a'],
      description: 'Who. (format: "uuid")',
    });
    assert.deepEqual(told(one(schema), 'gemini'), [
      'schema.properties.a.format;moved',
      'schema.properties.a.x-own;dropped',
    ]);
    assert.deepEqual(oneMade({ enum: [1, 2] }, 'gemini'), { type: 'integer', description: '(enum: [1,2])' });
  });

  it('turns exclusive bounds of integers into the same inclusive ones', () => {
    const schema = { type: 'integer', minimum: 0, exclusiveMinimum: 2.5, exclusiveMaximum: 9 };
    assert.deepEqual(oneMade(schema, 'gemini'), { type: 'integer', minimum: 3, maximum: 8 });
    assert.deepEqual(told(one(schema), 'gemini'), []);
  });

  it('has a type in every place', () => {
    assert.deepEqual(oneMade({ properties: { b: { pattern: 'a' } } }, 'gemini'), {
      type: 'object',
      properties: { b: { type: 'string', pattern: 'a' } },
    });
    assert.deepEqual(oneMade({}, 'gemini'), {
      anyOf: [{ type: 'string', nullable: true }, { type: 'number' }, { type: 'boolean' }, { type: 'object' }],
    });
  });

  it('tells alternatives that only ask for members', () => {
    const schema = { ...one({ type: 'string' }), anyOf: [{ required: ['a'] }, { required: ['b'] }] };
    assert.deepEqual(made(schema, 'gemini'), {
      ...one({ type: 'string' }),
      description: '(anyOf: [{"required":["a"]},{"required":["b"]}])',
    });
  });

  it('says nothing lost when an object is closed, as to Gemini all are', () => {
    assert.deepEqual(told({ ...one({ type: 'string' }), $schema: 'x', additionalProperties: false }, 'gemini'), []);
  });
});

describe('a schema for openai-strict', () => {
  it('requires every member, and lets optional ones be `null`', () => {
    const schema = {
      type: 'object',
      properties: {
        a: { type: 'string', enum: ['x'] },
        b: { anyOf: [{ type: 'number' }, { type: 'boolean' }] },
        c: { type: 'string' },
      },
      required: ['c'],
    };
    assert.deepEqual(made(schema, 'openai-strict'), {
      type: 'object',
      properties: {
        a: { type: ['string', 'null'], enum: ['x', null] },
        b: { anyOf: [{ type: 'number' }, { type: 'boolean' }, { type: 'null' }] },
        c: { type: 'string' },
      },
      required: ['a', 'b', 'c'],
      additionalProperties: false,
    });
    assert.deepEqual(told(schema, 'openai-strict'), [
      'schema.properties.a;approximated',
      'schema.properties.b;approximated',
    ]);
  });

  it('tells of maps that they can hold nothing', () => {
    const map = { type: 'object', additionalProperties: { type: 'number' } };
    assert.deepEqual(told(one(map), 'openai-strict'), [
      'schema.properties.a.additionalProperties;moved',
      'schema.properties.a;approximated',
    ]);
  });
});

describe('the outermost schema of a function', () => {
  const either = {
    oneOf: [
      { type: 'object', properties: { kind: { const: 'a' }, size: { type: 'number' } }, required: ['kind', 'size'] },
      { type: 'object', properties: { kind: { const: 'b' }, size: { type: 'string' } }, required: ['kind'] },
    ],
    description: 'Either.',
  };

  it('becomes one object with the members of all alternatives', () => {
    const size = { anyOf: [{ type: 'number' }, { type: 'string' }] };
    const kind = { enum: ['a', 'b'] };
    assert.deepEqual(made(either, 'plain', { root: 'object' }), {
      type: 'object',
      description: 'Either.',
      properties: { kind, size },
      required: ['kind'],
    });
    assert.deepEqual(made(either, 'gemini', { root: 'object' }), {
      type: 'object',
      description: 'Either.',
      properties: { kind: { type: 'string', ...kind }, size },
      required: ['kind'],
    });
  });

  it('is left as it is where nobody asks for an object', () => {
    assert.equal((made(either, 'gemini')['anyOf'] as readonly Json[]).length, 2);
    assert.deepEqual(made({ type: 'array', items: { type: 'string' } }, 'gemini'), {
      type: 'array',
      items: { type: 'string' },
    });
  });
});

describe('schemas made to do harm', () => {
  const deep = (levels: number, around: (inner: Json) => JsonObject): JsonObject => {
    let schema: JsonObject = { type: 'string' };
    for (let level = 0; level < levels; level += 1) schema = around(schema);
    return schema;
  };
  const doubling = (around: (ref: JsonObject) => JsonObject): JsonObject => ({
    $ref: '#/$defs/d0',
    $defs: Object.fromEntries(
      Array.from({ length: 64 }, (_, at) => [`d${at}`, around({ $ref: `#/$defs/d${at + 1}` })]),
    ),
  });
  const harmful: Readonly<Record<string, JsonObject>> = {
    'lists in lists': deep(20_000, (items) => ({ type: 'array', items })),
    'parts of parts': deep(20_000, (inner) => ({ allOf: [inner] })),
    'single alternatives of single alternatives': deep(20_000, (inner) => ({ anyOf: [inner] })),
    'data in data': { default: deep(20_000, (inner) => ({ inner })), enum: [deep(20_000, (inner) => ({ inner }))] },
    'many parts': { allOf: Array.from({ length: 20_000 }, (_, at) => one({ const: at })) },
    'many alternatives': { anyOf: Array.from({ length: 150_000 }, () => ({ type: 'string' })) },
    'two references each': doubling((ref) => ({ type: 'object', properties: { a: ref, b: ref } })),
    'two parts each': doubling((ref) => ({ allOf: [ref, { allOf: [ref] }], type: 'object' })),
    'two alternatives each': doubling((ref) => ({ anyOf: [ref, ref], properties: { a: ref } })),
    'a long text that is used often': {
      properties: Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`p${at}`, { $ref: '#/$defs/t' }])),
      $defs: { t: { type: 'string', description: 'word '.repeat(10_000) } },
    },
  };

  for (const [name, schema] of Object.entries(harmful))
    for (const target of ['gemini', 'openai-strict', 'plain'] as const)
      it(`are bounded: ${name}, for ${target}`, () => {
        const { schema: compiled, losses } = compileSchema(schema, target, { root: 'object' });
        assert.ok(jsonSize(compiled) <= 32 * jsonSize(schema) + 64 * 1024 * 16, `${jsonSize(compiled)} characters`);
        assert.ok(losses.length <= LOSSES_MAX + 1);
      });

  it('are no more work than their size', () => {
    const wide = (size: number): JsonObject => ({
      type: 'object',
      properties: Object.fromEntries(
        Array.from({ length: size }, (_, at) => [`p${at}`, { $ref: `#/$defs/d${at}`, allOf: [{ minLength: at }] }]),
      ),
      $defs: Object.fromEntries(Array.from({ length: size }, (_, at) => [`d${at}`, { enum: ['a', `${at}`] }])),
    });
    for (const target of ['gemini', 'openai-strict', 'plain'] as const) {
      const reads = [100, 1000].map((size) => {
        const work = { count: 0 };
        compileSchema(counted(wide(size), work), target, { root: 'object' });
        return work.count;
      });
      assert.ok((reads[1] as number) <= 12 * (reads[0] as number), `${target}: ${reads.join(' and ')} reads`);
    }
  });
});
