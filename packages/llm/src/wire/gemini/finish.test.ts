import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { FinishReason } from '../../model/finish.ts';
import { decodeFinish, encodeFinish } from './finish.ts';

const NO_CALLS = { toolCalls: false };
const CALLS = { toolCalls: true };
const NOT_REFUSED = { refusal: false };

describe('a finish reason of Gemini', () => {
  it('is the reason that its word means', () => {
    const words: readonly (readonly [string, FinishReason])[] = [
      ['STOP', 'stop'],
      ['MAX_TOKENS', 'length'],
      ['SAFETY', 'content-filter'],
      ['RECITATION', 'content-filter'],
      ['BLOCKLIST', 'content-filter'],
      ['PROHIBITED_CONTENT', 'content-filter'],
      ['SPII', 'content-filter'],
      ['MALFORMED_FUNCTION_CALL', 'other'],
      ['UNEXPECTED_TOOL_CALL', 'other'],
      ['A_WORD_OF_TOMORROW', 'other'],
      ['', 'other'],
    ];
    for (const [raw, reason] of words) assert.deepEqual(decodeFinish(raw, NO_CALLS), { reason, raw });
  });

  it('is that of calls where it stopped to make some, and only there', () => {
    assert.equal(decodeFinish('STOP', CALLS).reason, 'tool-calls');
    assert.equal(decodeFinish('MAX_TOKENS', CALLS).reason, 'length');
    assert.equal(decodeFinish('MALFORMED_FUNCTION_CALL', CALLS).reason, 'other');
  });

  it('goes back as the word that came, known or not', () => {
    for (const raw of ['STOP', 'RECITATION', 'SPII', 'CONTINUATION', 'UNEXPECTED_TOOL_CALL', 'A_WORD_OF_TOMORROW'])
      for (const contained of [CALLS, NO_CALLS])
        assert.equal(encodeFinish(decodeFinish(raw, contained), NOT_REFUSED), raw);
  });

  it('is a word that Google’s clients know for the reasons of other vendors', () => {
    const reasons: readonly (readonly [FinishReason, string, string])[] = [
      ['stop', 'end_turn', 'STOP'],
      ['stop-sequence', 'stop_sequence', 'STOP'],
      ['tool-calls', 'tool_calls', 'STOP'],
      ['length', 'max_tokens', 'MAX_TOKENS'],
      ['content-filter', 'content_filter', 'SAFETY'],
      ['refusal', 'refusal', 'SAFETY'],
      ['pause', 'pause_turn', 'STOP'],
      ['other', 'eos', 'OTHER'],
    ];
    for (const [reason, raw, word] of reasons) assert.equal(encodeFinish({ reason, raw }, NOT_REFUSED), word);
    assert.equal(encodeFinish({ reason: 'stop', raw: 'stop' }, { refusal: true }), 'SAFETY');
  });
});
