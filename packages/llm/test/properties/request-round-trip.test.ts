import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import type { Json } from '../../src/model/json.ts';
import type { GenerationRequest } from '../../src/model/request.ts';
import { anthropicMessages } from '../../src/wire/anthropic-messages/index.ts';
import { openAiChat } from '../../src/wire/openai-chat/index.ts';
import { chatRequest } from './arbitrary-chat-request.ts';
import { messagesRequest } from './arbitrary-messages-request.ts';
import { plainly } from './arbitrary-values.ts';

const DIALECTS = [
  {
    codec: openAiChat,
    requests: chatRequest,
    dialect: { cacheControl: true, reasoningField: 'reasoning_content' as const },
  },
  { codec: anthropicMessages, requests: messagesRequest, dialect: {} },
];

for (const { codec, requests, dialect } of DIALECTS) {
  describe(`a request that ${codec.id} can say whole`, () => {
    it('comes back as it was, and nothing is reported lost', () => {
      fc.assert(
        fc.property(requests, (request) => {
          const encoded = codec.encodeRequest(request, dialect);
          assert.ok(encoded.ok);
          assert.deepEqual(encoded.value.losses, []);
          const decoded = codec.decodeRequest(plainly<Json>(encoded.value.body));
          assert.ok(decoded.ok, decoded.ok ? '' : decoded.failure.message);
          assert.deepEqual(plainly(decoded.value), plainly<GenerationRequest>(request));
        }),
        { numRuns: 2500 },
      );
    });
  });
}
