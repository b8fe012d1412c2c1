import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Usage as WireUsage } from '@anthropic-ai/sdk/resources/messages';

import { collect } from '../../model/fold.ts';
import { NO_USAGE } from '../../model/usage.ts';
import { play } from '../../testing/play.ts';
import type { Frame } from '../codec.ts';
import { openAiChat } from '../openai-chat/index.ts';
import { anthropicMessages } from './index.ts';
import { decodeUsage, encodeUsage } from './usage.ts';

/** What Anthropic says of a prompt that was partly read from a cache, and written to it with both lifetimes. */
const SPENT = {
  input_tokens: 5,
  cache_read_input_tokens: 30,
  cache_creation_input_tokens: 300,
  cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 200 },
  output_tokens: 7,
} satisfies Partial<WireUsage>;

const USAGE = {
  ...NO_USAGE,
  inputTokens: 335,
  outputTokens: 7,
  cacheReadTokens: 30,
  cacheWriteTokens: 300,
  cacheWrite1hTokens: 200,
};

describe('cache writes by their lifetime', () => {
  it('are read and written again as they were', () => {
    assert.deepEqual(decodeUsage(SPENT), USAGE);
    assert.deepEqual(encodeUsage(USAGE), SPENT);
  });

  it('live for five minutes where nobody said how long', () => {
    const { cache_creation: lifetimes } = encodeUsage({ ...USAGE, cacheWrite1hTokens: 0 });
    assert.deepEqual(lifetimes, { ephemeral_5m_input_tokens: 300, ephemeral_1h_input_tokens: 0 });
  });

  it('are left out where nothing was written', () => {
    assert.ok(!('cache_creation' in encodeUsage({ ...USAGE, cacheWriteTokens: 0, cacheWrite1hTokens: 0 })));
  });

  it('pass through a stream, where official clients read them from its start', () => {
    const frame = (type: string, more: object): Frame => ({ event: type, data: JSON.stringify({ type, ...more }) });
    const message = { id: 'msg_a', type: 'message', role: 'assistant', model: 'm', content: [], usage: SPENT };
    const { cache_creation: _, ...counts } = SPENT;
    const events = play(anthropicMessages.decodeStream({}), [
      frame('message_start', { message }),
      frame('message_delta', { delta: { stop_reason: 'end_turn' }, usage: counts }),
      frame('message_stop', {}),
    ]);
    const answer = collect(events);
    assert.deepEqual(answer.ok && answer.value.usage, USAGE);
    const request = { model: 'm', messages: [], stream: true, streamUsage: true };
    const [start] = play(anthropicMessages.encodeStream(request), events);
    const { message: written } = JSON.parse(start?.data ?? '{}') as { message: { usage: WireUsage } };
    assert.deepEqual(written.usage.cache_creation, SPENT.cache_creation);
  });

  it('are named as lost in an answer that can only tell their sum', () => {
    const answer = {
      id: 'a',
      model: 'm',
      createdAtMs: 0,
      content: [],
      finish: { reason: 'stop' },
      usage: USAGE,
    } as const;
    const { body, losses } = openAiChat.encodeResponse(answer);
    assert.deepEqual(losses, [
      { path: 'usage.cacheWrite1hTokens', what: 'lifetime of cache writes', instead: 'dropped' },
    ]);
    assert.deepEqual(openAiChat.decodeUsage(body['usage'] ?? null, {}), { ...USAGE, cacheWrite1hTokens: 0 });
  });
});
