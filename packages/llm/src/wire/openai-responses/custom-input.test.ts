import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import {
  argumentsOfInput,
  argumentsPiece,
  INPUT_END,
  INPUT_START,
  InputPieces,
  inputOfArguments,
} from './custom-input.ts';

const text = fc.string({ unit: 'binary', maxLength: 12 });

/** What is heard of arguments that come in pieces. */
function heard(pieces: readonly string[]): readonly string[] {
  const input = new InputPieces();
  return [...pieces.map((piece) => input.push(piece)), input.rest()];
}

function cut(whole: string, places: readonly number[]): readonly string[] {
  const at = [0, ...places.map((place) => Math.min(place, whole.length)).sort((a, b) => a - b), whole.length];
  return at.slice(1).map((to, index) => whole.slice(at[index], to));
}

describe('the text of a custom tool among arguments', () => {
  it('comes out as it went in, wherever the arguments are cut', () => {
    const property = fc.property(text, fc.array(fc.nat(40), { maxLength: 6 }), (input, places) => {
      const json = argumentsOfInput(input);
      assert.equal(heard(cut(json, places)).join(''), input);
      assert.equal(inputOfArguments(json), input);
    });
    fc.assert(property, { numRuns: 5000 });
  });

  it('is the same arguments told in pieces', () => {
    const property = fc.property(fc.array(text, { maxLength: 4 }), (pieces) => {
      const json = INPUT_START + pieces.map(argumentsPiece).join('') + INPUT_END;
      assert.deepEqual(JSON.parse(json), { input: pieces.join('') });
    });
    fc.assert(property, { numRuns: 2000 });
  });

  it('is told as soon as it is sure', () => {
    assert.deepEqual(heard(['{ "input" : "a', 'b\\', 'n', 'c"', '}']), ['a', 'b', '\n', 'c', '', '']);
  });

  it('is what a model wrote where it wrote something else', () => {
    for (const json of ['', '{}', '["a"]', 'ls -l', '{"patch":"a"}', '{"input":1}', `{"${'x'.repeat(80)}":1}`])
      assert.equal(heard(cut(json, [2, 5])).join(''), json);
    assert.equal(heard(['{"more":1,', '"input":"a"}']).join(''), 'a');
  });

  it('is read past escapes that do not exist and line ends that JSON forbids', () => {
    assert.equal(heard(['{"input":"a\\x\\u12', 'zz\nb', '\\u00e9"}']).join(''), 'axu12zz\nbé');
    assert.equal(heard(['{"input":"a\\u00']).join(''), 'a\\u00');
  });
});
