import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Usage } from '@patchbay/llm/model/usage';

import { PassTail } from './pass-tail.ts';

function usageOf(text: string, pieceBytes = text.length): Usage | undefined {
  const tail = new PassTail();
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += pieceBytes) tail.push(bytes.subarray(at, at + pieceBytes));
  return tail.usage();
}

const counts = (usage: Usage | undefined): readonly unknown[] => [
  usage?.inputTokens,
  usage?.outputTokens,
  usage?.cacheReadTokens,
];

describe('the usage at the end of an answer', () => {
  for (const [who, said, counted] of [
    ['embeddings', '"usage":{"prompt_tokens":8,"total_tokens":8}', [8, 0, 0]],
    ['completions', '"usage":{"prompt_tokens":8,"completion_tokens":2,"total_tokens":10}', [8, 2, 0]],
    ['images', '"usage":{"input_tokens":5,"output_tokens":6,"total_tokens":11}', [5, 6, 0]],
    [
      'responses',
      '"usage":{"input_tokens":5,"input_tokens_details":{"cached_tokens":4},"output_tokens":6,"total_tokens":11}',
      [5, 6, 4],
    ],
    ['messages', '"usage":{"input_tokens":5,"cache_read_input_tokens":4,"output_tokens":6}', [9, 6, 4]],
    ['generated content', '"usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":6}', [5, 6, 0]],
    ['rerankers', '"usage":{"total_tokens":12}', [12, 0, 0]],
    ['audio by the second', '"usage":{"type":"duration","seconds":12}', [undefined, undefined, undefined]],
    ['nobody', '"usage":null', [undefined, undefined, undefined]],
  ] as const)
    it(`is read from ${who}`, () => {
      const text = `{"data":"${'x'.repeat(100_000)}",${said}}`;
      for (const size of [1, 1000, 8192, 16_384, text.length]) assert.deepEqual(counts(usageOf(text, size)), counted);
    });

  it('is read from the last event', () => {
    const events = `data: {"a":"${'x'.repeat(50_000)}"}\n\ndata: {"choices":[],"usage":{"prompt_tokens":3}}\n\ndata: [DONE]\n\n`;
    assert.deepEqual(counts(usageOf(events, 100)), [3, 0, 0]);
  });

  it('is none that stands deeper, or in a text', () => {
    assert.equal(usageOf('{"a":{"usage":{"prompt_tokens":3}}}'), undefined);
    assert.equal(usageOf('{"a":"\\"usage\\":{\\"prompt_tokens\\":3}"}'), undefined);
    assert.equal(usageOf('no json at all'), undefined);
    assert.equal(usageOf(''), undefined);
  });
});
