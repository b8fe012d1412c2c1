import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import OpenAI from 'openai';

import { startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { provider, TEST_KEY } from '../support/test-gateway.ts';
import {
  anthropicEvents,
  eventText,
  OTHER_KEY,
  sayAsAnthropic,
  startKeptGateway,
  text,
  type KeptGateway,
} from './kept-gateway.ts';

let claude: ScriptedUpstream;
let gateway: KeptGateway;
let openai: OpenAI;
let stranger: OpenAI;
const model = 'anthropic/claude';
const gone = (id: string): object => ({ status: 404, message: `404 Response with id '${id}' not found.` });

before(async () => {
  claude = await startUpstream((request, response) => sayAsAnthropic(request, response, [text('Hello.')]));
  gateway = await startKeptGateway([provider('anthropic', claude.url, 'claude-key')]);
  const client = (apiKey: string): OpenAI => new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey, maxRetries: 0 });
  openai = client(TEST_KEY);
  stranger = client(OTHER_KEY);
});
after(async () => {
  await gateway.close();
  await claude.close();
});

describe('GET /v1/responses/{id}', () => {
  for (const stream of [false, true])
    it(`gives what was answered, ${stream ? 'streamed' : 'whole'}`, async () => {
      const said = stream
        ? await openai.responses.stream({ model, input: 'hi' }).finalResponse()
        : await openai.responses.create({ model, input: 'hi' });
      const kept = await openai.responses.retrieve(said.id);
      assert.equal(kept.output_text, 'Hello.');
      assert.deepEqual(
        kept.output,
        JSON.parse(JSON.stringify(said.output, (name, value: unknown) => (name === 'parsed' ? undefined : value))),
      );
      assert.deepEqual(kept.usage, said.usage);
    });

  it('is 404 for an answer that nobody knows, and for one of another key', async () => {
    await assert.rejects(openai.responses.retrieve('resp_nobody'), gone('resp_nobody'));
    const { id } = await openai.responses.create({ model, input: 'secret' });
    await assert.rejects(stranger.responses.retrieve(id), gone(id));
  });

  it('is 404 for an answer that broke off', async () => {
    const usual = claude.answer;
    claude.answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const [start = {}, block = {}] = anthropicEvents({
        content: [text('Hel')],
        stop_reason: 'end_turn',
        id: 'msg_1',
      });
      response.write(eventText(start) + eventText(block), () => response.destroy());
    };
    let id = '';
    for await (const event of await openai.responses.create({ model, input: 'hi', stream: true })) {
      if (event.type === 'response.created') id = event.response.id;
    }
    claude.answer = usual;
    assert.notEqual(id, '');
    await assert.rejects(openai.responses.retrieve(id), gone(id));
  });

  it('asks for a key first', async () => {
    const response = await fetch(`${gateway.url}/v1/responses/resp_nobody`);
    assert.equal(response.status, 401);
    assert.ok(response.headers.get('x-request-id'));
  });
});

describe('DELETE /v1/responses/{id}', () => {
  it('takes an answer away', async () => {
    const { id } = await openai.responses.create({ model, input: 'hi' });
    await assert.rejects(stranger.responses.delete(id), gone(id));
    await openai.responses.delete(id);
    await assert.rejects(openai.responses.retrieve(id), gone(id));
    await assert.rejects(openai.responses.delete(id), gone(id));
  });
});

describe('POST /v1/responses/{id}/cancel', () => {
  it('is refused for an answer that was waited for', async () => {
    const { id } = await openai.responses.create({ model, input: 'hi' });
    await assert.rejects(openai.responses.cancel(id), { status: 400, message: /synchronous/ });
    await assert.rejects(openai.responses.cancel('resp_nobody'), gone('resp_nobody'));
  });
});

describe('GET /v1/responses/{id}/input_items', () => {
  const wordsOf = (items: readonly unknown[]): readonly string[] =>
    items.map((item) => (item as { content: { text: string }[] }).content.map((part) => part.text).join());

  it('lists all that was said before the answer, latest first, page by page', async () => {
    const first = await openai.responses.create({ model, input: 'one' });
    const input = [
      { role: 'user' as const, content: 'two' },
      { role: 'user' as const, content: [{ type: 'input_text' as const, text: 'three' }] },
    ];
    const { id } = await openai.responses.create({ model, input, previous_response_id: first.id });
    const page = await openai.responses.inputItems.list(id, { limit: 2 });
    assert.deepEqual(wordsOf(page.data), ['three', 'two']);
    assert.equal(page.has_more, true);
    const all: unknown[] = [];
    for await (const item of openai.responses.inputItems.list(id, { limit: 2 })) all.push(item);
    assert.deepEqual(wordsOf(all), ['three', 'two', 'Hello.', 'one']);
    assert.deepEqual(wordsOf((await openai.responses.inputItems.list(id, { order: 'asc' })).data), [
      'one',
      'Hello.',
      'two',
      'three',
    ]);
    assert.equal(new Set(all.map((item) => (item as { id: string }).id)).size, 4);
  });

  it('refuses pages that cannot be', async () => {
    const { id } = await openai.responses.create({ model, input: 'one' });
    await assert.rejects(openai.responses.inputItems.list(id, { limit: 101 }), { status: 400, param: 'limit' });
    await assert.rejects(openai.responses.inputItems.list(id, { after: 'msg_nobody' }), {
      status: 400,
      param: 'after',
    });
    await assert.rejects(stranger.responses.inputItems.list(id), gone(id));
  });

  it('names items that a later request may refer to', async () => {
    const { id } = await openai.responses.create({ model, input: 'one' });
    const [item] = (await openai.responses.inputItems.list(id)).data;
    claude.seen.length = 0;
    await openai.responses.create({ model, input: [{ type: 'item_reference', id: item?.id ?? '' }] });
    assert.match(String(claude.seen[0]?.body), /"one"/);
  });
});

describe('a gateway that keeps nothing', () => {
  it('says so of every answer', async () => {
    const bare = await startKeptGateway([provider('anthropic', claude.url, 'key')], { responsesRetentionDays: 0 });
    const client = new OpenAI({ baseURL: `${bare.url}/v1`, apiKey: TEST_KEY, maxRetries: 0 });
    try {
      const { id } = await client.responses.create({ model, input: 'hi' });
      await assert.rejects(client.responses.retrieve(id), gone(id));
      const goOn = client.responses.create({ model, input: 'hi', previous_response_id: id });
      await assert.rejects(goOn, { status: 400, code: 'previous_response_not_found' });
    } finally {
      await bare.close();
    }
  });
});
