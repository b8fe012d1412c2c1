import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { WIRE_FORMATS } from '@patchbay/llm/wire/registry';
import fc from 'fast-check';

import { usageIn } from './usage-in.ts';

const tokens = (text: string): number | undefined =>
  usageIn(Buffer.from(text), WIRE_FORMATS['openai-chat'], {})?.inputTokens;

/** Strings that mislead whoever loses count of quotes and backslashes. */
const trap = fc.string({ unit: fc.constantFrom('"', '\\', '{', '}', '[', ']', ':', ',', 'usage', 'é') });
const members = fc.dictionary(
  trap.filter((name) => name !== 'usage'),
  fc.oneof(trap, fc.array(trap), fc.dictionary(trap, trap)),
);

describe('the usage of a whole answer', () => {
  it('is found between any other members', () => {
    const found = fc.property(members, members, (before, after) => {
      assert.equal(tokens(JSON.stringify({ ...before, usage: { prompt_tokens: 7 }, ...after })), 7);
    });
    fc.assert(found, { numRuns: 1000 });
  });

  it('is not taken from deeper levels', () => {
    assert.equal(tokens('{"choices":[{"usage":{"prompt_tokens":1}}],"usage":{"prompt_tokens":7}}'), 7);
    assert.equal(tokens('{"usage":{"prompt_tokens":7},"choices":[{"usage":{"prompt_tokens":1}}]}'), 7);
    assert.equal(tokens('{"choices":[{"usage":{"prompt_tokens":1}}]}'), undefined);
  });

  it('is unknown when the answer breaks off', () => {
    const whole = '{"usage":{"prompt_tokens":7,"note":"a\\"b"}}';
    for (let length = 0; length < whole.length; length += 1) assert.equal(tokens(whole.slice(0, length)), undefined);
  });
});
