import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import { writeBody } from './write-body.ts';

describe('writeBody', () => {
  it('puts the mark of a missing character in place of half a pair, and tells it', () => {
    const { text, losses } = writeBody({ a: 'x\ud83dy', '\udc00': ['\ud83d\ude00'] });
    assert.equal(text, '{"a":"x\ufffdy","\ufffd":["😀"]}');
    assert.deepEqual(losses, [{ path: 'messages', what: 'half a character', instead: 'approximated' }]);
  });

  it('leaves a backslash before the same letters alone', () => {
    const body = { a: String.raw`\ud83d \\ud83d`, b: '\\' };
    assert.deepEqual(writeBody(body), { text: JSON.stringify(body), losses: [] });
  });

  it('writes what JSON.stringify writes of well-formed texts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary-ascii' }), (one, other) => {
        const body = { a: one.toWellFormed(), [other]: other };
        assert.equal(writeBody(body).text, JSON.stringify(body));
      }),
    );
  });

  it('writes any text so that it is read as its well-formed self', () => {
    const halves = fc.string({ unit: fc.constantFrom('\ud83d', '\ude00', '\\', 'ud83d', '"', 'a') });
    fc.assert(fc.property(halves, (a) => assert.deepEqual(JSON.parse(writeBody({ a }).text), { a: a.toWellFormed() })));
  });
});
