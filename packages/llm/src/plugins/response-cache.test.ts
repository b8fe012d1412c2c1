import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { ok } from '../model/failure.ts';
import type { FinishReason } from '../model/finish.ts';
import type { MiddlewareCall } from './middleware.ts';
import { createResponseCache } from './response-cache.ts';

const call = (): MiddlewareCall => ({
  request: { model: 'm', messages: [], stream: false, streamUsage: false },
  context: { requestId: 'r', startedAtMs: 0, model: 'm', retries: 0, metadata: new Map() },
});

describe('createResponseCache', () => {
  it('remembers only answers that came to an end of their own', async () => {
    const remembered = async (reason: FinishReason): Promise<boolean> => {
      const cache = createResponseCache();
      const answer = { id: 'a', model: 'm', createdAtMs: 1, content: [], finish: { reason } };
      await cache.generate(call(), async () => ok(answer));
      return cache.size === 1;
    };
    for (const reason of ['stop', 'stop-sequence', 'tool-calls', 'length'] as const)
      assert.equal(await remembered(reason), true, reason);
    for (const reason of ['refusal', 'content-filter', 'pause', 'other'] as const)
      assert.equal(await remembered(reason), false, reason);
  });
});
