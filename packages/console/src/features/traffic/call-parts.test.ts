import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { RequestLog } from '@patchbay/contract/resources/request-log';

import { diffWords } from './diff-words.ts';
import { answerText, curlOf, replayOf } from './replay-request.ts';
import { waterfallOf } from './waterfall.ts';

const call = (attempt: number, atMs: number, latency_ms: number, first_token_ms: number | null): RequestLog =>
  ({
    attempt,
    created_at: new Date(1e12 + atMs).toISOString(),
    latency_ms,
    first_token_ms,
    duration_ms: 500,
  }) as RequestLog;

describe('the waterfall of a request', () => {
  it('lays attempts after one another, each with its first token', () => {
    const { totalMs, lines } = waterfallOf([call(1, 0, 100, null), call(2, 120, 380, 80)]);
    assert.equal(totalMs, 500);
    assert.deepEqual(lines[0]?.phases, [{ name: 'Attempt', fromMs: 0, toMs: 100 }]);
    assert.deepEqual(lines[1]?.phases, [
      { name: 'Until the first token', fromMs: 120, toMs: 200 },
      { name: 'Answer', fromMs: 200, toMs: 500 },
    ]);
  });

  it('tells the phases of the connection where the request was traced', () => {
    const mark = (name: string, at_ms: number, attempt = 1) => ({ name, at_ms, facts: { attempt } });
    const stages = [
      { name: 'received', at_ms: 0 },
      { name: 'authenticated', at_ms: 0.2 },
      { name: 'resolved', at_ms: 0.9 },
    ];
    const trace = [
      ...stages,
      mark('sent', 1),
      mark('connected', 4),
      mark('headers', 30),
      mark('sent', 31, 2),
      mark('ended', 90),
    ];
    const waterfall = waterfallOf([call(1, 0, 100, 20)], trace);
    assert.deepEqual(waterfall.stages, [
      { name: 'Authentication', fromMs: 0, toMs: 0.2 },
      { name: 'Name and targets', fromMs: 0.2, toMs: 0.9 },
    ]);
    assert.deepEqual(waterfall.lines[0]?.phases, [
      { name: 'Connection', fromMs: 1, toMs: 4 },
      { name: 'Until headers', fromMs: 4, toMs: 30 },
      { name: 'Answer', fromMs: 30, toMs: 90 },
    ]);
  });
});

describe('the difference of two answers', () => {
  it('is told word by word, and puts both together again', () => {
    const pieces = diffWords('the quick brown fox', 'the slow brown dog');
    assert.deepEqual(
      pieces?.map(({ kind, text }) => `${kind}:${text}`),
      ['same:the ', 'left:quick ', 'right:slow ', 'same:brown ', 'left:fox', 'right:dog'],
    );
    const side = (kind: string) =>
      pieces
        ?.filter((each) => each.kind !== kind)
        .map(({ text }) => text)
        .join('');
    assert.equal(side('right'), 'the quick brown fox');
    assert.equal(side('left'), 'the slow brown dog');
  });

  it('is not looked for in texts that are too long', () => {
    assert.equal(diffWords('word '.repeat(2000), 'other'), undefined);
    assert.deepEqual(diffWords('', ''), []);
  });
});

describe('a request that is sent once more', () => {
  it('goes to another model and is whole, in every dialect', () => {
    const chat = replayOf('/v1/chat/completions', '{"model":"a","stream":true,"stream_options":{},"n":1}', 'b/c');
    assert.deepEqual(chat, { path: '/v1/chat/completions', body: { model: 'b/c', stream: false, n: 1 } });
    const gemini = replayOf('/v1beta/models/x:streamGenerateContent', '{"contents":[]}', 'b/c');
    assert.deepEqual(gemini, { path: '/v1beta/models/b%2Fc:generateContent', body: { contents: [] } });
  });

  it('cannot be made of what is no request', () => {
    for (const body of [null, '', '[1]', '{"cut":', '{"input":"x"}'])
      assert.equal(replayOf('/v1/chat/completions', body, 'b'), undefined);
  });

  it('is answered in words, whichever dialect and however it came', () => {
    assert.equal(answerText('{"choices":[{"message":{"content":"hi"}}]}'), 'hi');
    assert.equal(answerText('{"content":[{"type":"text","text":"hi"}]}'), 'hi');
    assert.equal(answerText('{"output":[{"content":[{"text":"hi"}]}]}'), 'hi');
    assert.equal(answerText('{"candidates":[{"content":{"parts":[{"text":"hi"}]}}]}'), 'hi');
    assert.equal(
      answerText(
        'data: {"choices":[{"delta":{"content":"h"}}]}\n\ndata: {"choices":[{"delta":{"content":"i"}}]}\n\ndata: [DONE]\n',
      ),
      'hi',
    );
    assert.equal(answerText('no JSON'), 'no JSON');
  });

  it('is a command that a shell takes as it is', () => {
    const command = curlOf('http://host', '/v1/messages', `{"a":"it's"}`, 'm');
    assert.ok(command.includes(String.raw`-d '{"a":"it'\''s"}'`));
    assert.ok(command.includes('$PATCHBAY_API_KEY'));
  });
});
