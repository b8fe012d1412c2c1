import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { EmbeddingLane } from './embedding-lane.ts';
import type { VectorEncoding } from './vector-encoding.ts';

/** Numbers that float32 holds exactly. */
const VECTORS = [[0.5, -1.25, 3], [0, 1e-3, -65504].map(Math.fround)];
const base64 = (vector: readonly number[]): string => Buffer.from(Float32Array.from(vector).buffer).toString('base64');

const answer = (embeddings: readonly unknown[], rest: object = {}): string =>
  JSON.stringify({
    object: 'list',
    data: embeddings.map((embedding, index) => ({ object: 'embedding', index, embedding })),
    model: 'm',
    usage: { prompt_tokens: 8, total_tokens: 8 },
    ...rest,
  });

const AS_FLOATS = answer(VECTORS);
const AS_BASE64 = answer(VECTORS.map(base64));

interface Passed {
  readonly text: string;
  readonly lane: EmbeddingLane;
}

function pass(text: string, wanted: VectorEncoding, sizes: readonly number[] = [text.length]): Passed {
  const lane = new EmbeddingLane(wanted);
  const bytes = Buffer.from(text);
  const made: Buffer[] = [];
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] as number;
    const pieces = lane.push(bytes.subarray(at, at + size));
    assert.ok(!('kind' in pieces), 'the lane failed');
    made.push(...pieces);
    at += size;
  }
  made.push(...lane.end());
  return { text: Buffer.concat(made).toString(), lane };
}

describe('vectors that stand otherwise than they are wanted', () => {
  it('become base64', () => {
    const { text, lane } = pass(AS_FLOATS, 'base64');
    assert.deepEqual(JSON.parse(text), JSON.parse(AS_BASE64));
    assert.deepEqual([lane.reshaped, lane.keepsLength], [true, false]);
  });

  it('become numbers', () => {
    const { text, lane } = pass(AS_BASE64, 'float');
    assert.deepEqual(JSON.parse(text), JSON.parse(AS_FLOATS));
    assert.equal(lane.reshaped, true);
  });

  for (const sizes of [[1], [2], [3], [7], [1, 50], [40, 1]])
    it(`come out the same in pieces of ${sizes.join(' and ')} bytes`, () => {
      assert.equal(pass(AS_FLOATS, 'base64', sizes).text, pass(AS_FLOATS, 'base64').text);
      assert.equal(pass(AS_BASE64, 'float', sizes).text, pass(AS_BASE64, 'float').text);
    });

  it('are found behind blanks and line breaks, and their surroundings stay', () => {
    const pretty = JSON.stringify(JSON.parse(AS_FLOATS), null, 2).replaceAll('"embedding": ', '"embedding"\t:\r\n ');
    const { text } = pass(pretty, 'base64', [5]);
    assert.deepEqual(JSON.parse(text), JSON.parse(AS_BASE64));
    assert.ok(text.includes('"embedding"\t:\r\n "'));
  });

  it('are read with slashes escaped', () => {
    const text = '????'.repeat(3);
    const odd = Buffer.from(text).toString('base64').replaceAll('/', '\\/');
    assert.ok(odd.includes('\\/'));
    const passed = pass(`{"embedding":"${odd}"}`, 'float', [1]);
    const wanted = [0, 1, 2].map((at) => Buffer.from(text).readFloatLE(4 * at));
    assert.deepEqual(JSON.parse(passed.text), { embedding: wanted });
  });
});

describe('what passes as it came', () => {
  it('is an answer in the wanted encoding, and keeps its length', () => {
    for (const [text, wanted] of [
      [AS_FLOATS, 'float'],
      [AS_BASE64, 'base64'],
    ] as const) {
      const passed = pass(text, wanted, [6]);
      assert.equal(passed.text, text);
      assert.deepEqual([passed.lane.reshaped, passed.lane.keepsLength], [false, true]);
    }
  });

  for (const [what, odd] of [
    ['a text that ends like the name', '{"a \\"embedding":[1,2],"b":"\\"embedding\\": [1]"}'],
    ['lists of lists', '{"embedding":[[1,2],[3]]}'],
    ['lists of other things', '{"embedding":["a",null,{}]}'],
    ['numbers beyond float32', '{"embedding":[1e39]}'],
    ['an object under the name', '{"embedding":{"float":[1]}}'],
    ['an answer without vectors', '{"error":{"message":"embedding"}}'],
    ['an answer that breaks off in the name', '{"data":[{"embeddin'],
    ['an answer that breaks off behind the name', '{"data":[{"embedding" :'],
    ['an answer that breaks off in a vector', '{"data":[{"embedding":[1,2'],
    ['something that is no JSON', 'service unavailable'],
  ] as const)
    it(`is ${what}`, () => {
      for (const sizes of [[1], [1000]]) assert.equal(pass(odd, 'base64', sizes).text, odd);
    });

  for (const [what, odd] of [
    ['a text that is no base64', '{"embedding":"not a vector"}'],
    ['a text of another length than floats have', '{"embedding":"AAA="}'],
    ['a text with an escaped quote', '{"embedding":"a\\"b\\\\","x":1}'],
    ['bytes that are no finite numbers', `{"embedding":"${Buffer.from([0, 0, 0xc0, 0x7f]).toString('base64')}"}`],
  ] as const)
    it(`is ${what}, where numbers are wanted`, () => {
      for (const sizes of [[1], [1000]]) assert.equal(pass(odd, 'float', sizes).text, odd);
    });
});

it('holds a vector and not the answer', () => {
  const lane = new EmbeddingLane('base64');
  lane.push(Buffer.from('{"data":['));
  let passed = 0;
  const item = Buffer.from(`{"embedding":[${Array.from({ length: 1000 }, (_, at) => at / 8).join(',')}]},`);
  for (let turn = 0; turn < 100; turn += 1) {
    const pieces = lane.push(item);
    assert.ok(!('kind' in pieces));
    passed += Buffer.concat([...pieces]).length;
  }
  const each = 4000 * (4 / 3);
  assert.ok(passed >= 99 * each, `${passed} bytes had passed`);
});

it('fails at a vector without an end', () => {
  const lane = new EmbeddingLane('base64');
  lane.push(Buffer.from('{"embedding":['));
  const megabyte = Buffer.alloc(1024 * 1024, '1,');
  const made = Array.from({ length: 5 }, () => lane.push(megabyte));
  assert.ok(made.some((each) => 'kind' in each && each.kind === 'protocol'));
});

it('reads the usage of the answer that came', () => {
  assert.equal(pass(AS_FLOATS, 'base64', [9]).lane.usage()?.inputTokens, 8);
});
