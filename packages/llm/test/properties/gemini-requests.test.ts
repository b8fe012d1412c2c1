import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import type { Json } from '../../src/model/json.ts';
import type { GenerationRequest } from '../../src/model/request.ts';
import { anthropicMessages } from '../../src/wire/anthropic-messages/index.ts';
import type { Addressed, ClientCodec, Loss, UpstreamCodec } from '../../src/wire/codec.ts';
import { gemini } from '../../src/wire/gemini/index.ts';
import { openAiChat } from '../../src/wire/openai-chat/index.ts';
import { arrayOf, isObject } from '../../src/wire/read.ts';
import { chatRequest } from './arbitrary-chat-request.ts';
import { messagesRequest } from './arbitrary-messages-request.ts';
import { mutantOf } from './arbitrary-mutant.ts';
import { json, plainly } from './arbitrary-values.ts';
import { geminiRequest } from './gemini-arbitrary.ts';
import { saidInRequest, type Said } from './said-in-request.ts';

const ADDRESSED: Addressed = { model: 'm', stream: false };
const CODECS: readonly (UpstreamCodec<object> & ClientCodec)[] = [gemini, openAiChat, anthropicMessages];

function encoded(codec: UpstreamCodec<object>, request: GenerationRequest) {
  const result = codec.encodeRequest(request, {});
  assert.ok(result.ok);
  return result.value;
}

describe('a request that Gemini can say whole', () => {
  it('comes back as it was, and nothing is reported lost', () => {
    const property = fc.property(geminiRequest, (request) => {
      const { body, losses } = encoded(gemini, request);
      assert.deepEqual(losses, []);
      const decoded = gemini.decodeRequest(plainly<Json>(body), request);
      assert.ok(decoded.ok, decoded.ok ? '' : decoded.failure.message);
      assert.deepEqual(plainly(decoded.value), plainly<GenerationRequest>(request));
    });
    fc.assert(property, { numRuns: 3000 });
  });

  it('names neither its model nor its stream', () => {
    const property = fc.property(geminiRequest, (request) => {
      const { body } = encoded(gemini, request);
      assert.equal(body['model'], undefined);
      assert.equal(body['stream'], undefined);
    });
    fc.assert(property, { numRuns: 200 });
  });
});

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

const CROSSINGS: readonly (readonly [string, UpstreamCodec<object> & ClientCodec, fc.Arbitrary<GenerationRequest>])[] =
  [
    [openAiChat.id, gemini, chatRequest],
    [anthropicMessages.id, gemini, messagesRequest],
    [gemini.id, openAiChat, geminiRequest],
    [gemini.id, anthropicMessages, geminiRequest],
  ];

/** What other formats carry without its name: the form of a schema, whose instructions they are, ids that are none. */
const isAside = ({ path, what }: Said): boolean =>
  /\.(?:parameters|responseSchema|role)$/.test(path) || /^(?:call {2}of |result $)/.test(what);

/** Gemini has one member for files by their address, wherever that leads. */
const plain = ({ path, what }: Said): Said => ({
  path,
  what: what.replace(/^\{"kind":"(?:url","url|file","fileId)":(.*)\}$/, '$1'),
});

const saidIn = (request: GenerationRequest): readonly Said[] => saidInRequest(request).map(plain);

for (const [from, to, requests] of CROSSINGS)
  describe(`a ${from} request written in ${to.id}`, () => {
    it('says everything that is not reported lost', () => {
      const property = fc.property(requests, (request) => {
        const { body, losses } = encoded(to, request);
        const said = saidIn(request).filter((each) => !isAside(each) && !isNamed(losses, each.path));
        if (arrayOf(body['messages'] ?? body['contents']).length === 0) {
          // Nothing is left to say; what there was must be reported.
          return assert.deepEqual(
            said.filter(({ path }) => path.startsWith('messages')),
            [],
          );
        }
        const decoded = to.decodeRequest(plainly<Json>(body), request);
        assert.ok(decoded.ok, decoded.ok ? '' : decoded.failure.message);
        assert.deepEqual(missing(said, saidIn(decoded.value)), []);
      });
      fc.assert(property, { numRuns: 1500 });
    });
  });

describe('a request body in the dialect gemini', () => {
  // Cast: the library's own type calls objects by another name.
  const anyJson = fc.jsonValue() as fc.Arbitrary<Json>;
  const bodies = geminiRequest.map((request): Json => plainly<Json>(encoded(gemini, request).body));

  /** A verdict on any body: a request, or a failure that says what to do and where. */
  const judge = (body: Json): void => {
    const result = gemini.decodeRequest(body, ADDRESSED);
    if (result.ok) return;
    const { kind, message, path } = result.failure;
    assert.equal(kind, 'invalid-request');
    assert.notEqual(message, '');
    if (isObject(body)) assert.ok(path, `a refused body without a path: ${message}`);
  };

  it('is read or refused with a path whatever JSON it is', () => {
    fc.assert(fc.property(fc.oneof(json, anyJson), judge), { numRuns: 2000 });
  });

  it('is read or refused with a path whatever was done to a legal one', () => {
    fc.assert(fc.property(mutantOf(bodies), judge), { numRuns: 2500 });
  });

  it('that is read once can be written in every format and read again', () => {
    const property = fc.property(mutantOf(bodies), (body) => {
      const result = gemini.decodeRequest(body, ADDRESSED);
      if (!result.ok) return;
      for (const codec of CODECS) assert.ok(codec.encodeRequest(result.value, {}).ok);
    });
    fc.assert(property, { numRuns: 1000 });
  });
});
