import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';

import OpenAI from 'openai';

import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { provider, TEST_KEY } from '../support/test-gateway.ts';
import { anthropicEvents, eventText, OTHER_KEY, startKeptGateway, text, type KeptGateway } from './kept-gateway.ts';

let claude: ScriptedUpstream;
let dataDir = '';
let gateway: KeptGateway;
let openai: OpenAI;
/** The answers that the upstream has begun and not ended. */
let open: ServerResponse[] = [];
let opened = Promise.withResolvers<ServerResponse>();
const model = 'anthropic/claude';
const [start = {}, ...rest] = anthropicEvents({
  content: [text('Hello.')],
  stop_reason: 'end_turn',
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude',
  usage: { input_tokens: 1, output_tokens: 1 },
});
const providers = () => [provider('anthropic', claude.url, 'claude-key')];

before(async () => {
  claude = await startUpstream(() => undefined);
});
after(() => claude.close());
beforeEach(async () => {
  open = [];
  opened = Promise.withResolvers();
  claude.seen.length = 0;
  claude.answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(eventText(start));
    response.write(eventText(rest[0] ?? {}));
    open.push(response);
    opened.resolve(response);
  };
  dataDir = await mkdtemp(path.join(tmpdir(), 'patchbay-test-'));
  gateway = await startKeptGateway(providers(), {}, dataDir);
  openai = clientOf(TEST_KEY);
});
afterEach(async () => {
  for (const response of open) response.destroy();
  await gateway.close();
  await rm(dataDir, { recursive: true });
});

const clientOf = (apiKey: string): OpenAI => new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey, maxRetries: 0 });

const finish = (response: ServerResponse | undefined): void => {
  for (const event of rest.slice(1)) response?.write(eventText(event));
  response?.end();
};

/** Asks until the answer has this status. */
async function polled(id: string, status: string): Promise<OpenAI.Responses.Response> {
  for (;;) {
    const now = await openai.responses.retrieve(id);
    if (now.status === status) return now;
    assert.ok(now.status === 'queued' || now.status === 'in_progress', `${now.status} instead of ${status}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('an answer in the background', () => {
  it('is queued, then in progress, then complete, and a conversation goes on from it', async () => {
    const queued = await openai.responses.create({ model, input: 'I am Ada.', background: true });
    assert.equal(queued.status, 'queued');
    assert.deepEqual(queued.output, []);
    assert.equal(queued.background, true);
    await polled(queued.id, 'in_progress');
    const goOn = () => openai.responses.create({ model, input: 'And?', previous_response_id: queued.id });
    await assert.rejects(goOn(), { status: 400, param: 'previous_response_id' });
    finish(open[0]);
    const done = await polled(queued.id, 'completed');
    assert.equal(done.output_text, 'Hello.');
    assert.equal(done.id, queued.id);
    assert.equal(done.background, true);
    assert.equal(done.created_at, queued.created_at);
    assert.equal((await gateway.nextRecord()).state, 'failed', 'what could not go on');
    const record = await gateway.nextRecord();
    assert.equal(record.state, 'success');
    assert.equal(record.status, 200);
    claude.answer = (_, response) => sendJson(response, 400, {});
    await assert.rejects(goOn());
    assert.match(String(claude.seen[1]?.body), /I am Ada.*Hello.*And\?/);
  });

  it('is cancelled at the provider too', async () => {
    const { id } = await openai.responses.create({ model, input: 'hi', background: true });
    const response = await opened.promise;
    await polled(id, 'in_progress');
    const cancelled = await openai.responses.cancel(id);
    assert.equal(cancelled.status, 'cancelled');
    if (!response.closed) await once(response, 'close');
    assert.equal((await gateway.nextRecord()).state, 'cancelled');
    assert.equal((await openai.responses.retrieve(id)).status, 'cancelled');
    assert.equal((await openai.responses.cancel(id)).status, 'cancelled', 'a second time it stays so');
  });

  it('is nobody else’s to see or to stop', async () => {
    const { id } = await openai.responses.create({ model, input: 'hi', background: true });
    const stranger = clientOf(OTHER_KEY);
    await assert.rejects(stranger.responses.retrieve(id), { status: 404 });
    await assert.rejects(stranger.responses.cancel(id), { status: 404 });
    await assert.rejects(stranger.responses.delete(id), { status: 404 });
    finish(await opened.promise);
    await polled(id, 'completed');
  });

  it('that is deleted on its way leaves nothing', async () => {
    const { id } = await openai.responses.create({ model, input: 'hi', background: true });
    const response = await opened.promise;
    await openai.responses.delete(id);
    if (!response.closed) await once(response, 'close');
    await gateway.nextRecord();
    await assert.rejects(openai.responses.retrieve(id), { status: 404 });
  });

  it('fails with the provider’s reason', async () => {
    const error = { type: 'error', error: { type: 'invalid_request_error', message: 'No such thing.' } };
    claude.answer = (_, response) => sendJson(response, 400, error);
    const { id } = await openai.responses.create({ model, input: 'hi', background: true });
    const failed = await polled(id, 'failed');
    assert.match(failed.error?.message ?? '', /No such thing/);
    assert.equal((await gateway.nextRecord()).state, 'failed');
  });

  it('whose provider breaks off in the middle fails with what there is', async () => {
    const { id } = await openai.responses.create({ model, input: 'hi', background: true });
    const response = await opened.promise;
    response.write(eventText(rest[1] ?? {}));
    await polled(id, 'in_progress');
    response.destroy();
    assert.equal((await polled(id, 'failed')).error?.code, 'server_error');
  });

  it('needs to be kept', async () => {
    const asked = openai.responses.create({ model, input: 'hi', background: true, store: false });
    await assert.rejects(asked, { status: 400, param: 'background' });
  });

  it('is refused while a hundred others are under way', async () => {
    const ask = () => openai.responses.create({ model, input: 'hi', background: true });
    const ids = (await Promise.all(Array.from({ length: 100 }, ask))).map(({ id }) => id);
    await assert.rejects(ask(), { status: 503 });
    await openai.responses.cancel(ids[0] ?? '');
    assert.equal((await ask()).status, 'queued');
  });

  it('is refused at once where the request is wrong', async () => {
    const asked = openai.responses.create({ model, input: 'hi', background: true, max_output_tokens: -1 });
    await assert.rejects(asked, { status: 400, param: 'max_output_tokens' });
  });
});

describe('the events of an answer in the background', () => {
  const numbers = async (stream: AsyncIterable<OpenAI.Responses.ResponseStreamEvent>): Promise<readonly number[]> => {
    const seen: number[] = [];
    for await (const event of stream) seen.push(event.sequence_number);
    return seen;
  };

  it('are heard as they come, and again from any of them on', async () => {
    const stream = await openai.responses.create({ model, input: 'hi', background: true, stream: true });
    const events: OpenAI.Responses.ResponseStreamEvent[] = [];
    for await (const event of stream) {
      events.push(event);
      if (event.type === 'response.output_item.added') finish(open[0]);
    }
    assert.deepEqual(
      events.map((event) => event.sequence_number),
      events.map((_, index) => index),
    );
    assert.equal(events.at(-1)?.type, 'response.completed');
    const [first] = events;
    assert.ok(first?.type === 'response.created');
    const again = await openai.responses.retrieve(first.response.id, { stream: true, starting_after: 3 });
    assert.deepEqual(
      await numbers(again),
      events.slice(4).map((event) => event.sequence_number),
    );
    const whole = await openai.responses.retrieve(first.response.id, { stream: true });
    assert.equal((await numbers(whole)).length, events.length);
  });

  it('come to an end although the first who heard them has left', async () => {
    const stream = await openai.responses.create({ model, input: 'hi', background: true, stream: true });
    let id = '';
    for await (const event of stream) {
      if (event.type === 'response.created') id = event.response.id;
      if (event.type === 'response.output_item.added') break;
    }
    finish(open[0]);
    assert.equal((await polled(id, 'completed')).output_text, 'Hello.');
    assert.equal((await gateway.nextRecord()).state, 'success');
  });

  it('cannot be had of an answer that was waited for', async () => {
    claude.answer = (_, response) =>
      sendJson(response, 200, { id: 'm', type: 'message', role: 'assistant', content: [], stop_reason: 'end_turn' });
    const { id } = await openai.responses.create({ model, input: 'hi' });
    await assert.rejects(openai.responses.retrieve(id, { stream: true }), { status: 400, param: 'stream' });
  });
});

describe('a gateway that stops', () => {
  it('says of what was under way that it failed', async () => {
    const { id } = await openai.responses.create({ model, input: 'hi', background: true });
    await opened.promise;
    await polled(id, 'in_progress');
    await gateway.close();
    gateway = await startKeptGateway(providers(), {}, dataDir);
    openai = clientOf(TEST_KEY);
    const failed = await openai.responses.retrieve(id);
    assert.equal(failed.status, 'failed');
    assert.match(failed.error?.message ?? '', /stopped/);
  });

  it('or dies says so when it starts again', async () => {
    const front = { id: 'resp_lost', keyId: 'test', createdAtMs: Date.now(), previousId: undefined, input: '[]' };
    const response = JSON.stringify({ id: 'resp_lost', object: 'response', status: 'queued', output: [] });
    await gateway.store.responses.put([{ ...front, status: 'queued', response }]);
    await gateway.close();
    gateway = await startKeptGateway(providers(), {}, dataDir);
    openai = clientOf(TEST_KEY);
    assert.match((await polled('resp_lost', 'failed')).error?.message ?? '', /stopped/);
  });
});
