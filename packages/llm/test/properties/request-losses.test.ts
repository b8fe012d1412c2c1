import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import type { Json } from '../../src/model/json.ts';
import type { GenerationRequest } from '../../src/model/request.ts';
import { anthropicMessages } from '../../src/wire/anthropic-messages/index.ts';
import type { ClientCodec, Loss, UpstreamCodec } from '../../src/wire/codec.ts';
import { openAiChat } from '../../src/wire/openai-chat/index.ts';
import { arrayOf } from '../../src/wire/read.ts';
import { chatRequest } from './arbitrary-chat-request.ts';
import { messagesRequest } from './arbitrary-messages-request.ts';
import { plainly } from './arbitrary-values.ts';
import { saidInRequest, type Said } from './said-in-request.ts';

type Codec = UpstreamCodec<object> & ClientCodec;

const CROSSINGS: readonly {
  readonly from: string;
  readonly to: Codec;
  readonly requests: fc.Arbitrary<GenerationRequest>;
}[] = [
  { from: openAiChat.id, to: openAiChat, requests: chatRequest },
  { from: openAiChat.id, to: anthropicMessages, requests: chatRequest },
  { from: anthropicMessages.id, to: openAiChat, requests: messagesRequest },
];

/** True when a loss names the path itself, a place around it or one inside it. */
const isNamed = (losses: readonly Loss[], path: string): boolean =>
  losses.some((loss) => isWithin(loss.path, path) || isWithin(path, loss.path));

const isWithin = (path: string, around: string): boolean =>
  path.startsWith(around) && ['', '.', '['].includes(path.charAt(around.length));

/** What was said and did not arrive; each arrival counts once. */
function missing(said: readonly Said[], arrived: readonly Said[]): readonly Said[] {
  const left = arrived.map(({ what }) => what);
  return said.filter(({ what }) => {
    const at = left.indexOf(what);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

for (const { from, to, requests } of CROSSINGS) {
  describe(`a ${from} request written in ${to.id}`, () => {
    it('says everything that is not reported lost', () => {
      const property = fc.property(requests, (request) => {
        const encoded = to.encodeRequest(request, {});
        assert.ok(encoded.ok);
        const { body, losses } = encoded.value;
        const said = saidInRequest(request).filter(({ path }) => !isNamed(losses, path));
        if (arrayOf(body['messages']).length === 0) {
          // Nothing is left to say; what there was must be reported.
          return assert.deepEqual(
            said.filter(({ path }) => path.startsWith('messages')),
            [],
          );
        }
        const decoded = to.decodeRequest(plainly<Json>(body));
        assert.ok(decoded.ok, decoded.ok ? '' : decoded.failure.message);
        assert.deepEqual(missing(said, saidInRequest(decoded.value)), []);
      });
      fc.assert(property, { numRuns: 1500 });
    });
  });
}
