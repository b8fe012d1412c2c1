import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';

import type { Json, JsonObject } from '../../src/model/json.ts';
import type { GenerationRequest } from '../../src/model/request.ts';
import { loadCaptures, loadRecordings } from '../../src/testing/recordings.ts';
import { unheard } from '../../src/testing/unheard.ts';
import { anthropicMessages } from '../../src/wire/anthropic-messages/index.ts';
import type { Addressed, ClientCodec, UpstreamCodec } from '../../src/wire/codec.ts';
import { gemini } from '../../src/wire/gemini/index.ts';
import { camelCase } from '../../src/wire/gemini/spelling.ts';
import { openAiChat } from '../../src/wire/openai-chat/index.ts';
import { arrayOf, isObject, objectOf } from '../../src/wire/read.ts';

interface Sample {
  readonly name: string;
  readonly addressed: Addressed;
  readonly body: JsonObject;
}

/** Model and wish for a stream, as the address has them. */
function addressedIn(path: string): Addressed {
  const [, model = '', method = ''] = /\/models\/(.+):(\w+)/.exec(path) ?? [];
  return { model, stream: method === 'streamGenerateContent' };
}

const recorded = (api: string): readonly Sample[] =>
  loadRecordings(api).flatMap(({ id, request, response }) =>
    !request?.body || response.status >= 400
      ? []
      : [{ name: id, addressed: addressedIn(new URL(request.url).pathname), body: request.body }],
  );

const SAMPLES: readonly Sample[] = [
  ...loadCaptures()
    .filter(({ format }) => format === 'gemini')
    .map(({ client, label, path, body }) => ({ name: `${client} ${label}`, addressed: addressedIn(path), body })),
  ...recorded('gemini.generateContent'),
  ...recorded('gemini.streamGenerateContent'),
];

function decode(codec: ClientCodec, body: Json, addressed: Addressed): GenerationRequest {
  const result = codec.decodeRequest(body, addressed);
  assert.ok(result.ok, result.ok ? '' : result.failure.message);
  return result.value;
}

function encode(codec: UpstreamCodec<object>, request: GenerationRequest) {
  const result = codec.encodeRequest(request, {});
  assert.ok(result.ok, result.ok ? '' : result.failure.message);
  return result.value;
}

/** Contents with results alone are one turn, however many a caller makes of them. */
function joinedTurns(contents: Json | undefined): readonly Json[] {
  const turns: JsonObject[] = [];
  for (const content of arrayOf(contents).filter(isObject)) {
    const last = turns.at(-1);
    if (last !== undefined && isResults(last) && isResults(content))
      turns[turns.length - 1] = { ...last, parts: [...arrayOf(last['parts']), ...arrayOf(content['parts'])] };
    else turns.push(content);
  }
  return turns;
}

const isResults = ({ parts }: JsonObject): boolean =>
  arrayOf(parts).every((part) => objectOf(part)?.['functionResponse'] !== undefined);

/** Spellings that mean the same: both letter cases of members, levels in either case, and a model said twice. */
function normal(value: unknown, name = ''): unknown {
  if (name === 'thinkingLevel') return String(value).toUpperCase();
  if (name === 'parametersJsonSchema' || name === 'responseJsonSchema') return value;
  if (name === 'contents') return joinedTurns(value as Json).map((each) => normal(each));
  if (Array.isArray(value)) return value.map((each) => normal(each));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([key, each]) => key !== 'model' && !isDeepStrictEqual(each, {}))
    .map(([key, each]) => [camelCase(key), normal(each, camelCase(key))] as const);
  return Object.fromEntries(entries);
}

/** Paths of what `wanted` has and `found` has not, or has otherwise. */
function missing(wanted: unknown, found: unknown, path = ''): readonly string[] {
  if (Array.isArray(wanted) && Array.isArray(found) && wanted.length === found.length)
    return wanted.flatMap((each, index) => missing(each, found[index], `${path}[${index}]`));
  if (typeof wanted === 'object' && wanted !== null && !Array.isArray(wanted) && typeof found === 'object')
    return Object.entries(wanted).flatMap(([key, each]) =>
      missing(each, (found as Record<string, unknown> | null)?.[key], `${path}.${key}`),
    );
  return isDeepStrictEqual(wanted, found) ? [] : [`${path}: ${JSON.stringify(found)} for ${JSON.stringify(wanted)}`];
}

describe('a Gemini request that is read and written again keeps every member', () => {
  for (const { name, addressed, body } of SAMPLES) {
    it(name, () => {
      const request = decode(gemini, body, addressed);
      assert.equal(request.model, addressed.model);
      assert.equal(request.stream, addressed.stream);
      const { body: again, losses } = encode(gemini, request);
      assert.deepEqual(losses, []);
      assert.deepEqual(missing(normal(body), normal(again)), []);
    });
  }
});

/** Everything a model would read, in order, without the wire it came on. */
const said = (request: GenerationRequest): readonly string[] =>
  request.messages
    .flatMap(({ content }) =>
      content.flatMap((part): readonly unknown[] => {
        if (part.type === 'text') return part.text === '' ? [] : [part.text];
        if (part.type === 'tool-call') return [part.id, part.name, JSON.parse(part.argumentsJson || '{}') as unknown];
        if (part.type === 'media' && part.source.kind === 'base64') return [part.mediaType, part.source.data];
        if (part.type !== 'tool-result') return [];
        return [part.toolCallId, ...part.content.flatMap((each) => (each.type === 'text' ? [each.text] : []))];
      }),
    )
    .map((each) => JSON.stringify(each))
    .sort();

const functionsOf = ({ tools }: GenerationRequest): readonly unknown[] =>
  (tools ?? []).flatMap((tool) => (tool.type === 'function' ? [[tool.name, tool.inputSchema]] : []));

for (const other of [openAiChat, anthropicMessages])
  describe(`a Gemini request that crosses to ${other.id} says the same`, () => {
    for (const { name, addressed, body } of SAMPLES) {
      it(name, () => {
        const request = decode(gemini, body, addressed);
        const crossed = decode(other, encode(other, request).body, addressed);
        assert.deepEqual(said(crossed), said(request));
        if (other === openAiChat) assert.deepEqual(functionsOf(crossed), functionsOf(request));
        assert.equal(crossed.model, request.model);
        assert.equal(crossed.stream, request.stream);
        if (request.maxOutputTokens !== undefined) assert.equal(crossed.maxOutputTokens, request.maxOutputTokens);
        if (request.outputFormat?.type === 'json-schema') {
          assert.equal(crossed.outputFormat?.type, 'json-schema');
          assert.deepEqual((crossed.outputFormat as { schema: unknown }).schema, request.outputFormat.schema);
        }
      });
    }

    it('and its every call has one result, whether it was named or not', () => {
      for (const { addressed, body } of SAMPLES) {
        const { messages } = decode(other, encode(other, decode(gemini, body, addressed)).body, addressed);
        const parts = messages.flatMap(({ content }) => [...content]);
        const calls = parts.flatMap((part) => (part.type === 'tool-call' ? [part.id] : []));
        const results = parts.flatMap((part) => (part.type === 'tool-result' ? [part.toolCallId] : []));
        assert.equal(new Set(calls).size, calls.length);
        assert.deepEqual(results, calls);
      }
    });
  });

/** Places whose meaning is elsewhere, or that ask for what happens anyhow. */
const NOTHING_ASKED: readonly RegExp[] = [
  // The address has the model, and every answer is text.
  /^model: /,
  /^generationConfig(?:$|\.responseModalities)/,
  /^safetySettings$/,
  // Who speaks in instructions is known, thoughts are shown anyhow, and one list of tools is as good as two.
  /^systemInstruction\.role: /,
  /includeThoughts: true$/,
  /\.functionResponse\.name: /,
  /\.(?:args|response|parts|role: "user"|thought: true)$|role: "user"$|\.thought: true$/,
  // The older form of a schema is what is read.
  /\.(?:parameters|parametersJsonSchema|parameters_json_schema)$/,
  /"type": |\.type: "/,
];

const TARGETS = [
  // No document goes there by its address, whatever it is.
  { to: openAiChat, lost: /\.fileData(?:\.|$)/ },
  // What is behind an address is looked at there.
  { to: anthropicMessages, lost: /\.fileData\.mimeType: / },
];

for (const { to, lost } of TARGETS)
  describe(`every member of a Gemini request sent on in ${to.id} is carried or named as lost`, () => {
    for (const { name, addressed, body } of SAMPLES) {
      // What is much longer takes long and says nothing new; and where nothing is asked, all is one.
      const text = JSON.stringify(body);
      if (text.length > 12_000 || text.includes('"contents":[{"parts":[{"text":""}]')) continue;
      const from: ClientCodec = { ...gemini, decodeRequest: (wire) => gemini.decodeRequest(wire, addressed) };
      it(name, () => {
        const silent = unheard(body, { from, to, dialect: { reasoningField: 'reasoning_content' } });
        assert.deepEqual(
          silent.filter((place) => ![...NOTHING_ASKED, lost].some((each) => each.test(place))),
          [],
        );
      });
    }
  });
