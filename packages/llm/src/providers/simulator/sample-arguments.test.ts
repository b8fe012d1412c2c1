import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sampleArguments, sampleValue } from './sample-arguments.ts';

describe('sampleArguments', () => {
  it('fills the required members by type and leaves the others out', () => {
    const schema = {
      type: 'object',
      properties: {
        city: { type: 'string' },
        days: { type: 'integer', minimum: 2.5 },
        unit: { type: 'string', enum: ['celsius', 'kelvin'] },
        note: { type: 'string' },
      },
      required: ['city', 'days', 'unit'],
    };
    assert.deepEqual(sampleArguments(schema), { city: 'sample', days: 3, unit: 'celsius' });
  });

  it('follows references, alternatives and arrays', () => {
    const schema = {
      type: 'object',
      $defs: { day: { type: 'string', format: 'date' } },
      properties: { days: { type: 'array', items: { $ref: '#/$defs/day' } }, or: { anyOf: [{ type: 'boolean' }] } },
    };
    assert.deepEqual(sampleArguments(schema), { days: ['2026-01-31'], or: true });
  });

  it('makes as many items as are asked for at least', () => {
    assert.deepEqual(sampleValue({ type: 'array', minItems: 3, items: { type: 'boolean' } }), [true, true, true]);
    assert.deepEqual(sampleValue({ type: 'array', minItems: 0 }), []);
    const texts = { type: 'array', minItems: 2, items: { type: 'string' } };
    assert.deepEqual(sampleValue(texts), ['sample', 'sample 2']);
    assert.deepEqual(sampleValue({ ...texts, items: { type: 'string', maxLength: 6 } }), ['sample', 'sample']);
  });

  it('ends on a schema that contains itself', () => {
    const schema = { type: 'object', properties: { child: { $ref: '#' } } };
    assert.match(JSON.stringify(sampleArguments(schema)), /^\{"child":/);
  });

  it('gives an empty object for a tool without a schema', () => {
    assert.deepEqual(sampleArguments(undefined), {});
  });
});
