import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';

import type { Json, JsonObject } from '../../src/model/json.ts';
import type { GenerationRequest } from '../../src/model/request.ts';
import { loadCaptures, loadRecordings } from '../../src/testing/recordings.ts';
import type { ClientCodec, Encoded, UpstreamCodec } from '../../src/wire/codec.ts';
import { WIRE_FORMATS, type ServedFormatId } from '../../src/wire/registry.ts';
import { callIdOf } from '../../src/wire/openai-chat/call-id.ts';

interface Sample {
  readonly name: string;
  readonly format: ServedFormatId;
  readonly body: JsonObject;
}

const recorded = (api: string, format: ServedFormatId): readonly Sample[] =>
  loadRecordings(api).flatMap(({ id, request, response }) =>
    !request?.body || response.status >= 400 ? [] : [{ name: id, format, body: request.body }],
  );

const SAMPLES: readonly Sample[] = [
  ...recorded('openai.chat', 'openai-chat'),
  ...recorded('anthropic.messages', 'anthropic-messages'),
  ...recorded('openai.responses', 'openai-responses'),
  ...loadCaptures()
    // Those of Gemini say model and stream in their address; gemini-requests.test.ts has them.
    .filter(({ format }) => format !== 'gemini')
    .map(({ client, label, format, body }) => ({ name: `${client} ${label}`, format, body })),
];

const codecOf = (format: ServedFormatId): UpstreamCodec<object> & ClientCodec => WIRE_FORMATS[format];
const other = (format: ServedFormatId): ServedFormatId =>
  format === 'openai-chat' ? 'anthropic-messages' : 'openai-chat';

function decode(format: ServedFormatId, body: Json): GenerationRequest {
  const result = codecOf(format).decodeRequest(body);
  assert.ok(result.ok, result.ok ? '' : result.failure.message);
  return result.value;
}

function encode(format: ServedFormatId, request: GenerationRequest, dialect: object = {}): Encoded {
  const result = codecOf(format).encodeRequest(request, dialect);
  assert.ok(result.ok, result.ok ? '' : result.failure.message);
  return result.value;
}

/** Spellings that mean the same: a lone text may be a string or a list, and some defaults may be said or not. */
function normal(value: unknown, name = ''): unknown {
  if (name === 'input' && typeof value === 'string') return [{ role: 'user', content: value }];
  if (Array.isArray(value)) {
    const items = value.map((each) => normal(each));
    const [only] = value as readonly JsonObject[];
    const isText =
      items.length === 1 &&
      /^(?:(?:in|out)put_)?text$/.test(typeof only?.['type'] === 'string' ? only['type'] : '') &&
      Object.keys(only ?? {}).length === 2;
    return isText && TEXTS.has(name) ? only?.['text'] : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([key, each]) => each !== null && each !== undefined && !isDefault(key, each))
    .map(([key, each]) => [SPELLINGS[key] ?? key, normal(each, key)] as const);
  return Object.fromEntries(entries);
}

const TEXTS = new Set(['content', 'system', 'output']);
const SPELLINGS: Readonly<Record<string, string>> = { max_tokens: 'max_completion_tokens' };
const isDefault = (key: string, value: unknown): boolean =>
  (key === 'stream' && value === false) ||
  (key === 'is_error' && value === false) ||
  ((key === 'content' || key === 'reasoning_content') && value === '') ||
  // Mistral numbers the calls of its history as if it streamed them.
  (key === 'index' && typeof value === 'number') ||
  (Array.isArray(value) && value.length === 0);

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

describe('a request that is read and written again in its own format keeps every member', () => {
  for (const { name, format, body } of SAMPLES) {
    it(name, () => {
      // The provider of this very request spells the thoughts of its models so.
      const reasoningField = JSON.stringify(body).includes('"reasoning":') ? 'reasoning' : 'reasoning_content';
      const { body: again, losses } = encode(format, decode(format, body), { cacheControl: true, reasoningField });
      assert.deepEqual(losses, []);
      assert.deepEqual(missing(normal(body), normal(again)), []);
    });
  }
});

/** OpenAI takes no longer names of calls; they are written otherwise, results like calls. */
const shortId = (id: string): string => (id.length > 40 ? callIdOf(id, 40) : id);

/** Everything a model would read, in order, without the wire it came on. */
function said(request: GenerationRequest): readonly unknown[] {
  return request.messages.flatMap(({ content }) =>
    content.flatMap((part): readonly unknown[] => {
      if (part.type === 'text') return part.text === '' ? [] : [part.text];
      if (part.type === 'tool-call')
        return [shortId(part.id), part.name, JSON.parse(part.argumentsJson || '{}') as unknown];
      if (part.type === 'tool-result')
        return [shortId(part.toolCallId), ...part.content.flatMap((each) => (each.type === 'text' ? [each.text] : []))];
      // A plain-text document is text wherever documents are not text of their own.
      return part.type === 'media' && part.source.kind === 'text' ? [part.source.text] : [];
    }),
  );
}

describe('a request that crosses to the other format says the same', () => {
  for (const { name, format, body } of SAMPLES) {
    it(name, () => {
      const request = decode(format, body);
      const crossed = decode(other(format), encode(other(format), request).body);
      // Anthropic's instructions stand before the conversation wherever OpenAI's stood.
      assert.deepEqual(sorted(said(crossed)), sorted(said(request)));
      assert.deepEqual(functionNames(crossed), functionNames(request));
      assert.equal(crossed.stream, request.stream);
      if (request.maxOutputTokens !== undefined) assert.equal(crossed.maxOutputTokens, request.maxOutputTokens);
      if (request.stopSequences !== undefined) assert.deepEqual(crossed.stopSequences, request.stopSequences);
      if (request.outputFormat?.type === 'json-schema') {
        assert.equal(crossed.outputFormat?.type, 'json-schema');
        assert.deepEqual((crossed.outputFormat as { schema: unknown }).schema, request.outputFormat.schema);
      }
    });
  }
});

const sorted = (values: readonly unknown[]): readonly string[] =>
  values.map((each) => JSON.stringify(each)).sort((a, b) => (a < b ? -1 : 1));

const functionNames = ({ tools }: GenerationRequest): readonly string[] =>
  (tools ?? []).flatMap((tool) => (tool.type === 'function' ? [tool.name] : []));
