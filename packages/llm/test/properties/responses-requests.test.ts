import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import type { Json } from '../../src/model/json.ts';
import type { Message } from '../../src/model/message.ts';
import type { GenerationRequest } from '../../src/model/request.ts';
import type { ClientCodec, Loss, UpstreamCodec } from '../../src/wire/codec.ts';
import { anthropicMessages } from '../../src/wire/anthropic-messages/index.ts';
import { openAiChat } from '../../src/wire/openai-chat/index.ts';
import { openAiResponses } from '../../src/wire/openai-responses/index.ts';
import { arrayOf, isObject } from '../../src/wire/read.ts';
import { chatRequest } from './arbitrary-chat-request.ts';
import { messagesRequest } from './arbitrary-messages-request.ts';
import { mutantOf } from './arbitrary-mutant.ts';
import { responsesRequest } from './arbitrary-responses-request.ts';
import { json, plainly } from './arbitrary-values.ts';
import { saidInRequest, type Said } from './said-in-request.ts';

type Codec = UpstreamCodec<object> & ClientCodec;

const DIALECT = { cacheControl: true };

const written = (request: GenerationRequest): Json => {
  const encoded = openAiResponses.encodeRequest(request, DIALECT);
  assert.ok(encoded.ok);
  return plainly<Json>(encoded.value.body);
};

describe('a request that openai-responses can say whole', () => {
  it('comes back as it was, and nothing is reported lost', () => {
    const property = fc.property(responsesRequest, (request) => {
      const encoded = openAiResponses.encodeRequest(request, DIALECT);
      assert.ok(encoded.ok);
      assert.deepEqual(encoded.value.losses, []);
      const decoded = openAiResponses.decodeRequest(plainly<Json>(encoded.value.body));
      assert.ok(decoded.ok, decoded.ok ? '' : decoded.failure.message);
      assert.deepEqual(plainly(decoded.value), plainly<GenerationRequest>(request));
    });
    fc.assert(property, { numRuns: 2500 });
  });
});

/** A verdict on any body: a request, or a failure that says what to do and where. */
function judge(body: Json): void {
  const result = openAiResponses.decodeRequest(body);
  if (result.ok) return;
  const { kind, message, path } = result.failure;
  assert.equal(kind, 'invalid-request');
  assert.notEqual(message, '');
  if (isObject(body)) assert.ok(path, `a refused body without a path: ${message}`);
}

describe('a request body in openai-responses', () => {
  const mutants = mutantOf(responsesRequest.map(written));

  it('is read or refused with a path whatever JSON it is', () => {
    fc.assert(fc.property(fc.oneof(json, fc.jsonValue() as fc.Arbitrary<Json>), judge), { numRuns: 2000 });
  });

  it('is read or refused with a path whatever was done to a legal one', () => {
    fc.assert(fc.property(mutants, judge), { numRuns: 2500 });
  });

  it('that is read once can be written in every format, and its answer too', () => {
    const property = fc.property(mutants, (body) => {
      const result = openAiResponses.decodeRequest(body);
      if (!result.ok) return;
      for (const codec of [openAiResponses, openAiChat, anthropicMessages] as readonly Codec[])
        JSON.stringify(codec.encodeRequest(result.value, {}));
      openAiResponses.encodeStream(result.value).initial();
    });
    fc.assert(property, { numRuns: 1000 });
  });
});

const CROSSINGS: readonly {
  readonly from: string;
  readonly to: Codec;
  readonly requests: fc.Arbitrary<GenerationRequest>;
}[] = [
  // OpenAI's other format has one refusal for a whole message.
  {
    from: openAiResponses.id,
    to: openAiChat,
    requests: responsesRequest.filter(({ messages }) => messages.every(declinesOnce)),
  },
  { from: openAiResponses.id, to: anthropicMessages, requests: responsesRequest },
  { from: openAiChat.id, to: openAiResponses, requests: chatRequest },
  { from: anthropicMessages.id, to: openAiResponses, requests: messagesRequest },
];

function declinesOnce({ content }: Message): boolean {
  return content.filter(({ type }) => type === 'refusal').length < 2;
}

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

/** Marks of this format with which nothing is asked: how a tool or an item stood there. */
const MARKS = /\.(?:item|namespace|additional|type)$/;

for (const { from, to, requests } of CROSSINGS) {
  describe(`a ${from} request written in ${to.id}`, () => {
    it('says everything that is not reported lost', () => {
      const property = fc.property(requests, (request) => {
        const encoded = to.encodeRequest(request, {});
        assert.ok(encoded.ok);
        const { body, losses } = encoded.value;
        const said = saidInRequest(request).filter(({ path }) => !isNamed(losses, path) && !MARKS.test(path));
        const messages = arrayOf(body['messages'] ?? body['input']);
        if (messages.length === 0 && body['instructions'] === undefined) {
          // Nothing is left to say; what there was must be reported.
          return assert.deepEqual(
            said.filter(({ path }) => path.startsWith('messages')),
            [],
          );
        }
        if (messages.length === 0) return;
        const decoded = to.decodeRequest(plainly<Json>(body));
        assert.ok(decoded.ok, decoded.ok ? '' : decoded.failure.message);
        assert.deepEqual(missing(said, saidInRequest(decoded.value)), []);
      });
      fc.assert(property, { numRuns: 1500 });
    });
  });
}
