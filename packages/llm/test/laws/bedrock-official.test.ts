import assert from 'node:assert/strict';
import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';

import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  type ConverseCommandInput,
  type ConverseStreamOutput,
} from '@aws-sdk/client-bedrock-runtime';

import type { StreamEvent } from '../../src/model/event.ts';
import { collect } from '../../src/model/fold.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import type { GenerationResponse } from '../../src/model/response.ts';
import { checkEventGrammar } from '../../src/testing/event-grammar.ts';
import { play } from '../../src/testing/play.ts';
import { loadCaptures, loadRecordings, type Recording } from '../../src/testing/recordings.ts';
import { spokenByMessage, type Spoken } from '../../src/testing/spoken.ts';
import { AwsEventStreamDecoder } from '../../src/transport/aws-event-stream.ts';
import { anthropicMessages } from '../../src/wire/anthropic-messages/index.ts';
import { bedrockConverse } from '../../src/wire/bedrock-converse/index.ts';
import type { ClientCodec } from '../../src/wire/codec.ts';
import { openAiChat } from '../../src/wire/openai-chat/index.ts';
import { arrayOf, isObject, numberOf, objectOf, textOf } from '../../src/wire/read.ts';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** A server on a loopback port that keeps what Amazon's client sends it and answers what it is told. */
class Loopback {
  answer: Answer = { status: 400, headers: {}, body: '{}' };
  heard: Json = null;
  readonly #server: Http2Server = createServer();
  #client: BedrockRuntimeClient | undefined;

  async open(): Promise<void> {
    this.#server.on('stream', (stream: ServerHttp2Stream) => void this.#serve(stream));
    await new Promise<void>((resolve) => void this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.address() as AddressInfo;
    const credentials = { accessKeyId: 'canary', secretAccessKey: 'canary' };
    const endpoint = `http://127.0.0.1:${port}`;
    this.#client = new BedrockRuntimeClient({ region: 'us-east-1', endpoint, credentials, maxAttempts: 1 });
  }

  async #serve(stream: ServerHttp2Stream): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    this.heard = JSON.parse(Buffer.concat(chunks).toString() || 'null') as Json;
    const { status, headers, body } = this.answer;
    stream.respond({ ':status': status, ...headers });
    stream.end(body);
  }

  get client(): BedrockRuntimeClient {
    assert.ok(this.#client !== undefined);
    return this.#client;
  }

  close(): void {
    this.#client?.destroy();
    this.#server.close();
  }
}

const loopback = new Loopback();
before(() => loopback.open());
after(() => loopback.close());

const ofApi = (api: string): readonly Recording[] => loadRecordings(api);
const WHOLE = ofApi('bedrock.converse');
const STREAMED = ofApi('bedrock.converse-stream');

/** A body as Amazon's client wants it from its callers: bytes where the wire has base64. */
function revived(value: Json | undefined, name = ''): unknown {
  if (typeof value === 'string' && (name === 'bytes' || name === 'redactedContent'))
    return Buffer.from(value, 'base64');
  if (Array.isArray(value)) return (value as readonly Json[]).map((each) => revived(each));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([each, inner]) => [each, revived(inner, each)]));
}

const CLIENTS: Readonly<Record<string, ClientCodec>> = {
  'openai-chat': openAiChat,
  'anthropic-messages': anthropicMessages,
};

/** Requests in callers' formats: what real clients sent, and what providers were asked. */
const REQUESTS: readonly (readonly [name: string, from: ClientCodec, body: JsonObject])[] = [
  ...loadCaptures().flatMap(({ client, label, format, body }) => {
    const from = CLIENTS[format];
    return from === undefined ? [] : [[`${client} ${label}`, from, body] as const];
  }),
  ...ofApi('openai.chat').flatMap(({ id, request }) =>
    request?.body ? [[id, openAiChat, request.body] as const] : [],
  ),
  ...ofApi('anthropic.messages').flatMap(({ id, request }) =>
    request?.body ? [[id, anthropicMessages, request.body] as const] : [],
  ),
];

describe('Amazon’s own client knows every member of a request that we write', () => {
  for (const [name, from, body] of REQUESTS) {
    const request = from.decodeRequest(body);
    // Some recordings keep a request in part.
    if (!request.ok) continue;
    it(name, async () => {
      const encoded = bedrockConverse.encodeRequest(request.value, { modelFamily: 'anthropic' });
      assert.ok(encoded.ok);
      const written = JSON.parse(JSON.stringify(encoded.value.body)) as JsonObject;
      loopback.heard = null;
      const input = { modelId: 'm', ...(revived(written) as object) } as ConverseCommandInput;
      await assert.rejects(loopback.client.send(new ConverseCommand(input)));
      // It drops what it does not know.
      assert.deepEqual(loopback.heard, written);
    });
  }
});

/** What an answer says, as Amazon's client read it. */
function spokenByConverse(content: readonly unknown[], stopReason: unknown, usage: unknown): Spoken {
  const blocks = content.filter(isObject);
  const of = (from: JsonObject | undefined, name: string): JsonObject | undefined => objectOf(from?.[name]);
  const said = blocks.map((block) => {
    const cited = arrayOf(of(block, 'citationsContent')?.['content']).map(
      (each) => textOf(objectOf(each)?.['text']) ?? '',
    );
    return (textOf(block['text']) ?? '') + cited.join('');
  });
  const thoughts = blocks.map((block) => textOf(of(of(block, 'reasoningContent'), 'reasoningText')?.['text']) ?? '');
  const calls = blocks.flatMap((block) => {
    const call = of(block, 'toolUse');
    return call === undefined || call['type'] === 'server_tool_use'
      ? []
      : [{ name: textOf(call['name']) ?? '', input: call['input'] }];
  });
  const count = (name: string): number => numberOf(objectOf(usage)?.[name]) ?? 0;
  const [cacheRead, cacheWrite] = [count('cacheReadInputTokens'), count('cacheWriteInputTokens')];
  return {
    text: said.join(''),
    reasoning: thoughts.join(''),
    calls,
    finish: FINISH[textOf(stopReason) ?? ''] ?? 'end',
    usage: {
      input: count('inputTokens') + cacheRead + cacheWrite,
      cacheRead,
      cacheWrite,
      output: count('outputTokens'),
      reasoning: 0,
    },
  };
}

const FINISH: Readonly<Record<string, Spoken['finish']>> = {
  max_tokens: 'length',
  tool_use: 'tools',
  guardrail_intervened: 'declined',
  content_filtered: 'declined',
};

/** What our reading says, told in a caller's format. */
const retold = (response: GenerationResponse): Spoken =>
  spokenByMessage(anthropicMessages.encodeResponse(response).body);

describe('a recorded answer says to us what it says to Amazon’s own client', () => {
  for (const { id, response } of WHOLE) {
    if (response.status !== 200) continue;
    it(id, async () => {
      loopback.answer = {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(response.body),
      };
      const { output, stopReason, usage } = await loopback.client.send(
        new ConverseCommand({ modelId: 'm', messages: [] }),
      );
      const read = bedrockConverse.decodeResponse(response.body ?? null, {});
      assert.ok(read.ok);
      assert.deepEqual(retold(read.value), spokenByConverse(output?.message?.content ?? [], stopReason, usage));
    });
  }
});

/** The blocks and the end that Amazon's client heard, joined as plainly as possible. */
async function joined(events: AsyncIterable<ConverseStreamOutput>): Promise<Spoken> {
  const blocks = new Map<number, { text: string; thought: string; input: string; start: JsonObject | undefined }>();
  const block = (at = 0) => {
    const open = blocks.get(at) ?? { text: '', thought: '', input: '', start: undefined };
    blocks.set(at, open);
    return open;
  };
  let stopReason: unknown;
  let usage: unknown;
  for await (const event of events) {
    const start = event.contentBlockStart?.start?.toolUse;
    if (start !== undefined) block(event.contentBlockStart?.contentBlockIndex).start = { ...start };
    const delta = event.contentBlockDelta?.delta;
    const open = delta === undefined ? undefined : block(event.contentBlockDelta?.contentBlockIndex);
    if (open !== undefined) {
      open.text += delta?.text ?? '';
      open.thought += delta?.reasoningContent?.text ?? '';
      open.input += delta?.toolUse?.input ?? '';
    }
    stopReason = event.messageStop?.stopReason ?? stopReason;
    usage = event.metadata?.usage ?? usage;
  }
  const content = [...blocks.values()].flatMap(({ text, thought, input, start }) => [
    { text },
    { reasoningContent: { reasoningText: { text: thought } } },
    ...(start === undefined ? [] : [{ toolUse: { ...start, input: JSON.parse(input || '{}') as Json } }]),
  ]);
  return spokenByConverse(content, stopReason, usage);
}

function heardIn(bytes: Uint8Array): readonly StreamEvent[] {
  const frames = new AwsEventStreamDecoder().push(bytes);
  return play(bedrockConverse.decodeStream({}), frames);
}

describe('a recorded stream says to us what it says to Amazon’s own client', () => {
  for (const { id, response } of STREAMED) {
    if (response.eventstream_base64 === undefined) continue;
    const bytes = Buffer.from(response.eventstream_base64, 'base64');
    it(id, async () => {
      loopback.answer = { status: 200, headers: { 'content-type': 'application/vnd.amazon.eventstream' }, body: bytes };
      const { stream } = await loopback.client.send(new ConverseStreamCommand({ modelId: 'm', messages: [] }));
      assert.ok(stream !== undefined);
      const events = heardIn(bytes);
      assert.deepEqual(checkEventGrammar(events), []);
      const whole = collect(events);
      assert.ok(whole.ok);
      assert.deepEqual(retold(whole.value), await joined(stream));
    });
  }
});

describe('a recorded refusal has the name that Amazon’s own client gives it', () => {
  for (const { id, response } of [...WHOLE, ...STREAMED]) {
    if (response.status < 400 || response.headers['x-amzn-errortype'] === undefined) continue;
    it(id, async () => {
      loopback.answer = { status: response.status, headers: response.headers, body: JSON.stringify(response.body) };
      const { code, message } = bedrockConverse.decodeFailure(response.status, response.body ?? null, response.headers);
      await assert.rejects(loopback.client.send(new ConverseCommand({ modelId: 'm', messages: [] })), {
        name: code,
        message,
      });
    });
  }
});

/** A block without the words that say what anyone knows, and no thoughts that Amazon would refuse. */
function returnable(block: Json): readonly Json[] {
  const { toolUse, reasoningContent, text } = objectOf(block) ?? {};
  if (text === '' || (objectOf(reasoningContent)?.['reasoningText'] && !signatureOf(reasoningContent))) return [];
  if (objectOf(toolUse)?.['type'] !== 'tool_use') return [block];
  const { type: _, ...call } = objectOf(toolUse) ?? {};
  return [{ toolUse: call }];
}

const signatureOf = (thought: Json | undefined): unknown =>
  objectOf(objectOf(thought)?.['reasoningText'])?.['signature'];

describe('a recorded answer goes back to Amazon as it came', () => {
  for (const { id, response } of WHOLE) {
    if (response.status !== 200) continue;
    it(id, () => {
      const read = bedrockConverse.decodeResponse(response.body ?? null, {});
      assert.ok(read.ok);
      const messages = [{ role: 'assistant', content: read.value.content }] as const;
      const encoded = bedrockConverse.encodeRequest({ model: 'm', messages, stream: false, streamUsage: false }, {});
      assert.ok(encoded.ok);
      const output = objectOf(objectOf(response.body)?.['output']);
      const content = arrayOf(objectOf(output?.['message'])?.['content']).flatMap(returnable);
      assert.deepEqual(JSON.parse(JSON.stringify(encoded.value.body)), { messages: [{ role: 'assistant', content }] });
    });
  }
});
