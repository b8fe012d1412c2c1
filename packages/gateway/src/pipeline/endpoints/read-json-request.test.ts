import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { readJsonRequest } from './read-json-request.ts';

function read(text: string, defaultModel?: string) {
  const result = readJsonRequest(Buffer.from(text), defaultModel);
  assert.ok(result.ok, result.ok ? '' : result.failure.message);
  return result.value;
}

function renamed(text: string, defaultModel?: string): string {
  const made = read(text, defaultModel).body.withModel('new "name"');
  assert.ok(Buffer.isBuffer(made));
  return made.toString();
}

describe('the model', () => {
  it('is the only thing that changes', () => {
    const text = '{ "input" : ["é", 1.0e3],\n"model":"old" , "x":{"model":"inner"} }';
    assert.equal(read(text).model, 'old');
    assert.equal(renamed(text), text.replace('"old"', '"new \\"name\\""'));
  });

  it('is written in front where the body names none and the endpoint has one of its own', () => {
    assert.equal(read('{"input":"a"}', 'own').model, 'own');
    assert.equal(renamed(' {"input":"a"}', 'own'), ' {"model":"new \\"name\\"","input":"a"}');
    assert.equal(renamed('{}', 'own'), '{"model":"new \\"name\\""}');
    assert.equal(read('{"model":"theirs"}', 'own').model, 'theirs');
  });
});

describe('a body is refused', () => {
  for (const [what, text] of [
    ['without content', ''],
    ['without a model', '{"input":"a"}'],
    ['with a model that is no text', '{"model":7}'],
    ['with an empty model', '{"model":""}'],
    ['with a model that is too long', `{"model":"${'m'.repeat(257)}"}`],
    ['with control characters in the model', '{"model":"a\\nb"}'],
    ['with two models', '{"model":"a","model":"b"}'],
    ['with two models, one of them escaped', '{"model":"a","mod\\u0065l":"b"}'],
    ['with two objects', '{"model":"a"}{"model":"b"}'],
    ['that is a list', '[{"model":"a"}]'],
    ['that is text', '"model"'],
    ['that ends too early', '{"model":"a"'],
  ] as const)
    it(what, () => {
      const result = readJsonRequest(Buffer.from(text));
      assert.ok(!result.ok);
      assert.equal(result.failure.kind, 'invalid-request');
    });
});

it('takes more values than a chat may have: lists of tokens are long', () => {
  assert.equal(read(`{"model":"m","input":[${'1,'.repeat(400_000)}1]}`).model, 'm');
});

describe('vectors are wanted', () => {
  for (const [members, vectors] of [
    ['', 'float'],
    [',"encoding_format":"float"', 'float'],
    [',"encoding_format":null', 'float'],
    [',"encoding_format":"base64"', 'base64'],
    [',"encoding_format":"base64","output_dtype":"float"', 'base64'],
    [',"encoding_format":"base64","output_dtype":"int8"', undefined],
    [',"encoding_format":"ubinary"', undefined],
  ] as const)
    it(`${String(vectors)} with ${members === '' ? 'nothing said' : members.slice(1)}`, () =>
      assert.equal(read(`{"model":"m"${members}}`).vectors, vectors));
});
