import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import OpenAI from 'openai';

import { sendJson, sendSse, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { provider, TEST_KEY } from '../support/test-gateway.ts';
import { OTHER_KEY, startKeptGateway, type KeptGateway } from './kept-gateway.ts';

let native: ScriptedUpstream;
let gateway: KeptGateway;
let openai: OpenAI;
const model = 'openai/gpt';
const answer = (id: string): object => ({ id, object: 'response', status: 'completed', model: 'gpt', output: [] });

before(async () => {
  native = await startUpstream(() => undefined);
  const keys = ['canary-1', 'canary-2', 'canary-3'];
  gateway = await startKeptGateway([provider('openai', `${native.url}/v1`, ...keys)]);
  openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: TEST_KEY, maxRetries: 0 });
});
after(async () => {
  await gateway.close();
  await native.close();
});
beforeEach(() => {
  native.seen.length = 0;
});

const accounts = (): readonly unknown[] => native.seen.map(({ headers }) => headers.authorization);

describe('an answer that its provider keeps', () => {
  for (const stream of [false, true])
    it(`is gone on from with the account that made it, ${stream ? 'streamed' : 'whole'}`, async () => {
      const id = `resp_native_${stream}`;
      native.answer = (_, response) => {
        if (!stream) return sendJson(response, 200, answer(id));
        const event = (type: string): string =>
          `event: ${type}\ndata: ${JSON.stringify({ type, response: answer(id) })}\n\n`;
        return sendSse(response, event('response.created') + event('response.completed'));
      };
      const ask = async (previous?: string): Promise<void> => {
        const request = { model, input: 'hi', ...(previous !== undefined && { previous_response_id: previous }) };
        if (!stream) return void (await openai.responses.create(request));
        for await (const event of await openai.responses.create({ ...request, stream })) assert.ok(event.type);
      };
      await ask();
      for (let turn = 0; turn < 4; turn += 1) await ask(id);
      assert.equal(new Set(accounts()).size, 1, 'always the same account');
      for (let turn = 0; turn < 3; turn += 1) await ask();
      assert.equal(new Set(accounts()).size, 3, 'in turn where there is nothing to go on from');
    });

  it('is asked for at the account that made it', async () => {
    native.answer = (_, response) => sendJson(response, 200, answer('resp_far'));
    await openai.responses.create({ model, input: 'hi' });
    assert.equal((await openai.responses.retrieve('resp_far')).id, 'resp_far');
    native.answer = (_, response) => sendJson(response, 200, { id: 'resp_far', object: 'response', deleted: true });
    await openai.responses.delete('resp_far');
    native.answer = (_, response) => sendJson(response, 200, { object: 'list', data: [], has_more: false });
    await openai.responses.inputItems.list('resp_far', { limit: 3 });
    native.answer = (_, response) => sendJson(response, 200, answer('resp_far'));
    await openai.responses.cancel('resp_far');
    assert.equal(new Set(accounts()).size, 1);
    assert.deepEqual(
      native.seen.map(({ path }) => path),
      [
        '/v1/responses',
        '/v1/responses/resp_far',
        '/v1/responses/resp_far',
        '/v1/responses/resp_far/input_items?limit=3',
        '/v1/responses/resp_far/cancel',
      ],
    );
  });

  it('is nobody else’s to ask for', async () => {
    native.answer = (_, response) => sendJson(response, 200, answer('resp_mine'));
    await openai.responses.create({ model, input: 'hi' });
    const stranger = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: OTHER_KEY, maxRetries: 0 });
    await assert.rejects(stranger.responses.retrieve('resp_mine'), { status: 404 });
    assert.equal(native.seen.length, 1);
  });
});
