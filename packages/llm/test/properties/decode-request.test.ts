import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import type { Json } from '../../src/model/json.ts';
import { isObject } from '../../src/wire/read.ts';
import { chatRequest } from './arbitrary-chat-request.ts';
import { messagesRequest } from './arbitrary-messages-request.ts';
import { mutantOf } from './arbitrary-mutant.ts';
import { json, plainly } from './arbitrary-values.ts';
import { anthropicMessages } from '../../src/wire/anthropic-messages/index.ts';
import { openAiChat } from '../../src/wire/openai-chat/index.ts';

// Cast: the library's own type calls objects by another name.
const anyJson = fc.jsonValue() as fc.Arbitrary<Json>;

const DIALECTS = [
  { codec: openAiChat, requests: chatRequest },
  { codec: anthropicMessages, requests: messagesRequest },
];

for (const { codec, requests } of DIALECTS) {
  const bodies = requests.map((request): Json => {
    const encoded = codec.encodeRequest(request, {});
    assert.ok(encoded.ok);
    return plainly<Json>(encoded.value.body);
  });

  /** A verdict on any body: a request, or a failure that says what to do and where. */
  const judge = (body: Json): void => {
    const result = codec.decodeRequest(body);
    if (result.ok) return;
    const { kind, message, path } = result.failure;
    assert.equal(kind, 'invalid-request');
    assert.notEqual(message, '');
    if (isObject(body)) assert.ok(path, `a refused body without a path: ${message}`);
  };

  describe(`a request body in the dialect ${codec.id}`, () => {
    it('is read or refused with a path whatever JSON it is', () => {
      fc.assert(fc.property(fc.oneof(json, anyJson), judge), { numRuns: 2000 });
    });

    it('is read or refused with a path whatever was done to a legal one', () => {
      fc.assert(fc.property(mutantOf(bodies), judge), { numRuns: 2500 });
    });

    it('that is read once can be written and read again', () => {
      fc.assert(
        fc.property(mutantOf(bodies), (body) => {
          const result = codec.decodeRequest(body);
          if (!result.ok) return;
          assert.ok(openAiChat.encodeRequest(result.value, {}).ok);
          assert.ok(anthropicMessages.encodeRequest(result.value, {}).ok);
        }),
        { numRuns: 1000 },
      );
    });
  });
}
