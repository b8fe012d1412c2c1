import assert from 'node:assert/strict';
import { createServer, type Http2Server, type ServerHttp2Stream, type IncomingHttpHeaders } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';

import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  type ConverseCommandInput,
} from '@aws-sdk/client-bedrock-runtime';

import { systemClock } from '../../src/model/clock.ts';
import { simulatorHandler } from '../../src/providers/simulator/handler.ts';

const ACCOUNT = { accessKeyId: 'AKIASIMULATOR', secretAccessKey: 'the-secret' };
const answer = simulatorHandler({
  clock: systemClock,
  random: () => 0.5,
  amazonAccounts: { [ACCOUNT.accessKeyId]: ACCOUNT.secretAccessKey },
});

let server: Http2Server;
let endpoint = '';

before(async () => {
  server = createServer();
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void serve(stream, headers));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => server.close());

async function serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString();
  const path = headers[':path'] ?? '/';
  const url = `${endpoint}${path}`;
  const flat = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
  const arrived = { method: headers[':method'] ?? '', url, headers: Object.fromEntries(flat), body };
  const response = await answer({ path: new URL(url).pathname, body, arrived }, new AbortController().signal);
  assert.ok(response !== undefined);
  stream.respond({ ':status': response.status, ...response.headers });
  for await (const chunk of response.body) stream.write(chunk);
  stream.end();
}

const clientOf = (credentials = ACCOUNT): BedrockRuntimeClient =>
  new BedrockRuntimeClient({ region: 'eu-west-3', endpoint, credentials, maxAttempts: 1 });

const ask = (modelId: string, text = 'one two'): ConverseCommandInput => ({
  modelId,
  messages: [{ role: 'user', content: [{ text }] }],
});

const TOOL = {
  toolSpec: { name: 'weather', inputSchema: { json: { type: 'object', properties: { city: { type: 'string' } } } } },
};

describe('Amazon’s own client at the simulator', () => {
  it('is answered, whole', async () => {
    const { output, stopReason, usage } = await clientOf().send(new ConverseCommand(ask('echo')));
    assert.deepEqual(output?.message?.content, [{ text: 'one two' }]);
    assert.equal(stopReason, 'end_turn');
    assert.equal(usage?.totalTokens, (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0));
  });

  it('hears a stream, with a model whose name has a colon', async () => {
    const { stream } = await clientOf().send(new ConverseStreamCommand(ask('simulator/echo')));
    const names: string[] = [];
    let text = '';
    for await (const event of stream ?? []) {
      names.push(Object.keys(event)[0] ?? '');
      text += event.contentBlockDelta?.delta?.text ?? '';
    }
    assert.equal(text, 'one two');
    assert.deepEqual(
      names.filter((each, at) => each !== names[at - 1]),
      ['messageStart', 'contentBlockDelta', 'contentBlockStop', 'messageStop', 'metadata'],
    );
  });

  it('hears calls and thoughts', async () => {
    const called = await clientOf().send(new ConverseCommand({ ...ask('tools'), toolConfig: { tools: [TOOL] } }));
    assert.equal(called.stopReason, 'tool_use');
    assert.equal(called.output?.message?.content?.[0]?.toolUse?.name, 'weather');
    const { stream } = await clientOf().send(new ConverseStreamCommand(ask('reasoning')));
    let thought = '';
    let signature = '';
    for await (const { contentBlockDelta } of stream ?? []) {
      thought += contentBlockDelta?.delta?.reasoningContent?.text ?? '';
      signature += contentBlockDelta?.delta?.reasoningContent?.signature ?? '';
    }
    assert.match(thought, /I shall repeat them/);
    assert.notEqual(signature, '');
  });

  it('reads an exception in the middle of a stream as one of its own', async () => {
    const { stream } = await clientOf().send(new ConverseStreamCommand(ask('error-after-first-token')));
    await assert.rejects(
      async () => {
        for await (const _ of stream ?? []);
      },
      { name: 'ServiceUnavailableException' },
    );
  });

  it('reads refusals as exceptions of its own', async () => {
    for (const [script, name] of [
      ['429', 'ThrottlingException'],
      ['503', 'ServiceUnavailableException'],
      ['nobody', 'ResourceNotFoundException'],
    ] as const)
      await assert.rejects(clientOf().send(new ConverseCommand(ask(script))), { name });
  });

  it('is refused with another secret, and with an account that nobody knows', async () => {
    for (const other of [
      { ...ACCOUNT, secretAccessKey: 'another' },
      { ...ACCOUNT, accessKeyId: 'AKIANOBODY' },
    ])
      await assert.rejects(clientOf(other).send(new ConverseCommand(ask('echo'))), {
        name: 'UnrecognizedClientException',
      });
  });
});

const user = (...content: object[]) => ({ role: 'user', content });
const assistant = (...content: object[]) => ({ role: 'assistant', content });
const call = { toolUse: { toolUseId: 'a', name: 'weather', input: {} } };
const result = { toolResult: { toolUseId: 'a', content: [{ text: 'rain' }] } };
const tools = { toolConfig: { tools: [TOOL] } };

/** What Amazon refuses, and what of the request it names. */
const REFUSED: readonly (readonly [what: string, body: object, path: RegExp])[] = [
  ['nothing', { messages: [] }, /`messages`/],
  ['an assistant who begins', { messages: [assistant({ text: 'a' })] }, /`messages\[0\]\.role`/],
  ['two turns of one side', { messages: [user({ text: 'a' }), user({ text: 'b' })] }, /`messages\[1\]\.role`/],
  ['a turn without content', { messages: [user()] }, /`messages\[0\]\.content`/],
  ['blank text', { messages: [user({ text: ' ' })] }, /`messages\[0\]\.content\[0\]\.text`/],
  ['a call that nobody answers', { messages: [user({ text: 'a' }), assistant(call)], ...tools }, /results/],
  [
    'a call that is answered too late',
    { messages: [user({ text: 'a' }), assistant(call), user({ text: 'b' })], ...tools },
    /`messages\[2\]\.content`/,
  ],
  ['a result that nobody asked for', { messages: [user(result)], ...tools }, /`messages\[0\]\.content`/],
  ['calls without tools', { messages: [user({ text: 'a' }), assistant(call), user(result)] }, /`toolConfig`/],
  ['a temperature above one', { messages: [user({ text: 'a' })], inferenceConfig: { temperature: 1.5 } }, /between 0/],
  ['no tools where tools are configured', { messages: [user({ text: 'a' })], toolConfig: { tools: [] } }, /tools/],
];

describe('Converse at the simulator refuses', () => {
  for (const [what, body, path] of REFUSED)
    it(what, async () => {
      const authorization = { authorization: 'Bearer token' };
      const arrived = { method: 'POST', url: `${endpoint}/model/echo/converse`, headers: authorization, body: '' };
      const asked = { path: '/model/echo/converse', body: JSON.stringify(body), arrived };
      const response = await answer(asked, new AbortController().signal);
      const chunks: Uint8Array[] = [];
      for await (const chunk of response?.body ?? []) chunks.push(chunk);
      const said = JSON.parse(Buffer.concat(chunks).toString()) as { __type: string; message: string };
      assert.deepEqual([response?.status, said.__type], [400, 'ValidationException']);
      assert.match(said.message, path);
    });
});
