import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import OpenAI from 'openai';

import { sendJson, startUpstream, type ScriptedUpstream, type SeenRequest } from '../support/scripted-upstream.ts';
import { post, provider, TEST_KEY } from '../support/test-gateway.ts';
import { messagesIn, OTHER_KEY, sayAsAnthropic, startKeptGateway, text, type KeptGateway } from './kept-gateway.ts';

let claude: ScriptedUpstream;
let native: ScriptedUpstream;
let gateway: KeptGateway;
let openai: OpenAI;
let stranger: OpenAI;
const model = 'anthropic/claude';
const tools = [{ type: 'function' as const, name: 'weather', parameters: { type: 'object' }, strict: false }];

before(async () => {
  claude = await startUpstream(() => undefined);
  native = await startUpstream(() => undefined);
  gateway = await startKeptGateway([
    provider('anthropic', claude.url, 'claude-key'),
    provider('openai', native.url, 'native-key-1', 'native-key-2'),
  ]);
  const client = (apiKey: string): OpenAI => new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey, maxRetries: 0 });
  openai = client(TEST_KEY);
  stranger = client(OTHER_KEY);
});
after(async () => {
  await gateway.close();
  await claude.close();
  await native.close();
});
beforeEach(() => {
  claude.seen.length = 0;
  native.seen.length = 0;
  claude.answer = (request, response) => sayAsAnthropic(request, response, [text('Hello Ada.')]);
});

/** What an upstream was told, role by role, in words. */
const told = (request: SeenRequest | undefined): readonly string[] => {
  assert.ok(request !== undefined);
  return messagesIn(request).map(({ role, content }) => {
    const parts = typeof content === 'string' ? [{ text: content }] : (content as { text?: string; type: string }[]);
    return `${role}: ${parts.map((part) => part.text ?? (part as { type: string }).type).join(' ')}`;
  });
};

describe('a conversation that the gateway keeps', () => {
  for (const stream of [false, true]) {
    const ask = (request: { input: string; previous_response_id?: string; instructions?: string }) =>
      stream
        ? openai.responses.stream({ model, ...request }).finalResponse()
        : openai.responses.create({ model, ...request });

    it(`goes on from turn to turn, ${stream ? 'streamed' : 'whole'}`, async () => {
      const first = await ask({ input: 'I am Ada.', instructions: 'Be kind.' });
      const second = await ask({ input: 'Who am I?', previous_response_id: first.id });
      assert.deepEqual(told(claude.seen[1]), ['user: I am Ada.', 'assistant: Hello Ada.', 'user: Who am I?']);
      const third = await ask({ input: 'And now?', previous_response_id: second.id });
      assert.deepEqual(told(claude.seen[2]), [
        'user: I am Ada.',
        'assistant: Hello Ada.',
        'user: Who am I?',
        'assistant: Hello Ada.',
        'user: And now?',
      ]);
      assert.match(first.id, /^resp_[0-9a-f]{32}$/);
      assert.equal(new Set([first.id, second.id, third.id]).size, 3, 'although the provider always says the same id');
      assert.equal(third.previous_response_id, second.id);
      assert.equal((third as { store?: boolean }).store, true);
      assert.ok(third.created_at > 1_700_000_000);
      // Instructions do not carry over.
      assert.equal((JSON.parse(String(claude.seen[1]?.body)) as { system?: unknown }).system, undefined);
    });
  }

  it('carries calls of tools over', async () => {
    claude.answer = (request, response) =>
      sayAsAnthropic(request, response, [
        { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Rome' } },
      ]);
    const first = await openai.responses.create({ model, tools, input: 'Weather in Rome?' });
    const [call] = first.output;
    assert.equal(call?.type, 'function_call');
    claude.answer = (request, response) => sayAsAnthropic(request, response, [text('Sunny.')]);
    const output = { type: 'function_call_output' as const, call_id: 'toolu_1', output: 'sun' };
    await openai.responses.create({ model, tools, previous_response_id: first.id, input: [output] });
    assert.deepEqual(told(claude.seen[1]), ['user: Weather in Rome?', 'assistant: tool_use', 'user: tool_result']);
  });

  it('is not lost for want of it: nothing about keeping is reported as lost', async () => {
    const response = await post(gateway, '/v1/responses', { model, input: 'hi', store: true });
    assert.equal(response.headers.get('x-patchbay-losses'), null);
    assert.equal(response.status, 200);
  });

  it('lies in the store, so that a restart does not end it', async () => {
    const first = await openai.responses.create({ model, input: 'I am Ada.' });
    const waited = await until(() => gateway.store.responses.find('test', first.id));
    assert.equal(waited.previousId, undefined);
    assert.deepEqual(JSON.parse(waited.response), JSON.parse(JSON.stringify({ ...first, output_text: undefined })));
  });
});

/** The first value that is there; it is on its way. */
async function until<Value>(look: () => Promise<Value | undefined>): Promise<Value> {
  for (;;) {
    const value = await look();
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('an answer that cannot be gone on from', () => {
  const goOn = (client: OpenAI, id: string): Promise<unknown> =>
    client.responses.create({ model, input: 'And?', previous_response_id: id });
  const unknown = (id: string): object => ({
    status: 400,
    code: 'previous_response_not_found',
    param: 'previous_response_id',
    message: `400 Previous response with id '${id}' not found.`,
  });

  it('is one that nobody knows', async () => {
    await assert.rejects(goOn(openai, 'resp_nobody'), unknown('resp_nobody'));
    assert.equal(claude.seen.length, 0);
  });

  it('is one of another key', async () => {
    const { id } = await openai.responses.create({ model, input: 'secret' });
    await assert.rejects(goOn(stranger, id), unknown(id));
  });

  it('is one that was not to be stored', async () => {
    const { id } = await openai.responses.create({ model, input: 'secret', store: false });
    await assert.rejects(goOn(openai, id), unknown(id));
  });

  it('is one that goes on from one that was deleted', async () => {
    const first = await openai.responses.create({ model, input: 'one' });
    const second = await openai.responses.create({ model, input: 'two', previous_response_id: first.id });
    await openai.responses.delete(first.id);
    await assert.rejects(goOn(openai, second.id), unknown(first.id));
  });
});

describe('an item_reference', () => {
  const refer = (id: string, client = openai): Promise<unknown> =>
    client.responses.create({
      model,
      input: [
        { role: 'user', content: 'I am Ada.' },
        { type: 'item_reference', id },
        { role: 'user', content: 'Who am I?' },
      ],
    });

  it('stands for an item that the gateway has kept', async () => {
    const first = await openai.responses.create({ model, input: 'I am Ada.' });
    await refer(first.output[0]?.id ?? '');
    assert.deepEqual(told(claude.seen[1]), ['user: I am Ada.', 'assistant: Hello Ada.', 'user: Who am I?']);
  });

  it('without a type does too', async () => {
    const first = await openai.responses.create({ model, input: 'I am Ada.' });
    const input = [
      { role: 'user', content: 'I am Ada.' },
      { id: first.output[0]?.id },
      { role: 'user', content: 'Who?' },
    ];
    assert.equal((await post(gateway, '/v1/responses', { model, input })).status, 200);
    assert.deepEqual(told(claude.seen[1]), ['user: I am Ada.', 'assistant: Hello Ada.', 'user: Who?']);
  });

  it('to an item that nobody knows is refused by its name', async () => {
    await assert.rejects(refer('msg_nobody'), { status: 404, message: "404 Item with id 'msg_nobody' not found." });
    assert.equal(claude.seen.length, 0);
  });

  it('to an item of another key is refused', async () => {
    const { output } = await openai.responses.create({ model, input: 'secret' });
    await assert.rejects(refer(output[0]?.id ?? '', stranger), { status: 404 });
  });
});

describe('a provider that keeps conversations itself', () => {
  const answer = (id: string): object => ({ id, object: 'response', status: 'completed', model: 'gpt', output: [] });

  it('is asked as it was asked: its own ids pass, and nothing is kept here', async () => {
    native.answer = (_, response) => sendJson(response, 200, answer('resp_native'));
    const body = '{"model":"openai/gpt", "input":"Who am I?", "previous_response_id":"resp_native"}';
    const { id } = (await (await post(gateway, '/v1/responses', body)).json()) as { id: string };
    assert.equal(id, 'resp_native');
    assert.equal(String(native.seen[0]?.body), body.replace('openai/gpt', 'gpt'));
  });

  it('is told what the gateway kept, without ids and thoughts that it does not know', async () => {
    claude.answer = (request, response) =>
      sayAsAnthropic(request, response, [{ type: 'thinking', thinking: 'Hm.', signature: 'c2ln' }, text('Hello Ada.')]);
    const first = await openai.responses.create({ model, input: 'I am Ada.' });
    assert.deepEqual(
      first.output.map(({ type }) => type),
      ['reasoning', 'message'],
    );
    native.answer = (_, response) => sendJson(response, 200, answer('resp_native'));
    await openai.responses.create({ model: 'openai/gpt', input: 'Who am I?', previous_response_id: first.id });
    const { input, previous_response_id: previous } = JSON.parse(String(native.seen[0]?.body)) as Record<
      string,
      unknown
    >;
    assert.equal(previous, undefined);
    assert.deepEqual(input, [
      { type: 'message', role: 'user', content: 'I am Ada.' },
      {
        type: 'message',
        status: 'completed',
        role: 'assistant',
        content: [{ type: 'output_text', annotations: [], logprobs: [], text: 'Hello Ada.' }],
      },
      { type: 'message', role: 'user', content: 'Who am I?' },
    ]);
  });
});
