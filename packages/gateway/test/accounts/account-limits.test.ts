import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';

import { forget, openOnRedis, PATIENT, REDIS_URL, skipRedis } from '../coordination/engines.ts';
import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { post, provider, startGateway, TEST_KEY, type TestGateway } from '../support/test-gateway.ts';
import { as, startAccounts, type AccountGateway } from './account-gateway.ts';

const answerOf = (tokens: number) => ({
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 0, completion_tokens: tokens, total_tokens: tokens },
});
const SMALL = { max_completion_tokens: 10, messages: [{ role: 'user', content: 'hi' }] };

let upstream: ScriptedUpstream;
let accounts: AccountGateway;

before(async () => {
  upstream = await startUpstream(() => undefined);
});
after(() => upstream.close());
beforeEach(async () => {
  upstream.seen.length = 0;
  upstream.answer = (_, response) => sendJson(response, 200, answerOf(10));
  accounts = await startAccounts([{ ...provider('openai', `${upstream.url}/v1`), accounts: [] }], {
    accountPolicies: new Map([['openai', 'fill-first']]),
  });
});
afterEach(() => accounts.close());

const ask = (gateway: TestGateway, model = 'gpt-5', more: object = SMALL): Promise<Response> =>
  post(gateway, '/v1/chat/completions', { model: `openai/${model}`, ...more });
const add = (key: string, limits: object): Promise<string> =>
  accounts.add('openai', `canary-${key}-0123456789`, { label: key, metadata: { limits } });
/** Sends a body as it is; a form brings its own type. */
const pass = (path: string, body: FormData | string, type?: string): Promise<Response> =>
  fetch(`${accounts.gateway.url}/${path}`, {
    method: 'POST',
    body,
    headers: { authorization: `Bearer ${TEST_KEY}`, ...(type !== undefined && { 'content-type': type }) },
  });
/** Keys that were asked, in order. */
const asked = (): string =>
  upstream.seen.map(({ headers }) => /canary-(\w+)-/.exec(String(headers.authorization))?.[1] ?? '?').join(' ');
const seatsOf = () => accounts.gateway.gateway.registry.current().runtimes.get('openai')?.pool.seats ?? [];

describe('an account with limits of its own', () => {
  it('is passed over when its requests are used up, without a failure, and another serves', async () => {
    // The first by id is filled first, so that whichever it is has one request a minute.
    const ids = [await add('one', { requests_per_minute: 1 }), await add('two', { requests_per_minute: 1 })].sort();
    for (let call = 0; call < 2; call += 1) assert.equal((await ask(accounts.gateway)).status, 200);
    assert.equal(new Set(asked().split(' ')).size, 2);
    const [first, second] = seatsOf();
    assert.deepEqual([first?.id, second?.id], ids);
    assert.deepEqual([first?.failures, first?.uses, second?.uses], [0, 1, 1]);
    assert.equal((await ask(accounts.gateway)).status, 429);
    assert.equal(upstream.seen.length, 2);
  });

  it('makes callers wait as long as its window says, once all are used up', async () => {
    await add('one', { requests_per_minute: 1 });
    await ask(accounts.gateway);
    const refused = await ask(accounts.gateway);
    assert.equal(refused.status, 429);
    const wait = Number(refused.headers.get('retry-after'));
    assert.ok(wait > 50 && wait <= 63, String(wait));
    assert.match(await refused.text(), /the only one rests, because the limits that are set for them are reached/);
    const [seat] = seatsOf();
    assert.equal(seat?.rests(0)[0]?.reason, 'limit');
  });

  it('counts tokens that were used in the place of those that were thought of', async () => {
    const id = await add('one', { tokens_per_day: 1000 });
    upstream.answer = (_, response) => sendJson(response, 200, answerOf(980));
    await ask(accounts.gateway);
    const large = { ...SMALL, max_completion_tokens: 500 };
    upstream.answer = (_, response) => sendJson(response, 200, answerOf(1));
    // The prompt fits, and how long the answer will be is a guess.
    const refused = await ask(accounts.gateway, 'gpt-5', {
      ...large,
      messages: [{ role: 'user', content: 'long '.repeat(40) }],
    });
    assert.equal(refused.status, 429);
    assert.match(await refused.text(), /The limit of the account that would serve this call is 1,000 tokens a day/);
    const other = await add('two', {});
    assert.equal((await ask(accounts.gateway, 'gpt-5', large)).status, 200);
    assert.ok(id !== other && upstream.seen.length === 2);
  });

  it('gives back what a call that came to nothing had reserved', async () => {
    await add('one', { requests_per_minute: 1 });
    upstream.answer = (_, response) =>
      sendJson(response, 400, { error: { message: 'no', type: 'invalid_request_error' } });
    assert.equal((await ask(accounts.gateway)).status, 400);
    upstream.answer = (_, response) => sendJson(response, 200, answerOf(1));
    assert.equal((await ask(accounts.gateway)).status, 200);
    assert.equal((await ask(accounts.gateway)).status, 429);
  });

  it('has others for single models', async () => {
    await add('one', { models: { 'gpt-5': { requests_per_day: 1 } } });
    const statuses = [];
    for (const model of ['gpt-5', 'gpt-5', 'gpt-4', 'gpt-4'])
      statuses.push((await ask(accounts.gateway, model)).status);
    assert.deepEqual(statuses, [200, 429, 200, 200]);
  });

  it('counts other endpoints for the same limits', async () => {
    await add('one', { requests_per_minute: 1 });
    const embed = (): Promise<Response> =>
      post(accounts.gateway, '/v1/embeddings', { model: 'openai/text-embedding-3-small', input: 'hi' });
    upstream.answer = (_, response) =>
      sendJson(response, 200, { object: 'list', data: [], model: 'm', usage: { prompt_tokens: 1, total_tokens: 1 } });
    assert.deepEqual([(await embed()).status, (await embed()).status], [200, 429]);
    assert.equal((await ask(accounts.gateway)).status, 429);
  });

  describe('counts forms', () => {
    const transcribe = (prompt = 'hi'): Promise<Response> => {
      const form = new FormData();
      form.set('model', 'openai/gpt-4o-transcribe');
      form.set('prompt', prompt);
      form.set('file', new File([new Uint8Array(50_000)], 'a.wav', { type: 'audio/wav' }));
      return pass('v1/audio/transcriptions', form);
    };
    const stated = { text: 'hi', usage: { type: 'tokens', input_tokens: 480, output_tokens: 20, total_tokens: 500 } };

    it('by the tokens that their answers state, for every kind of call', async () => {
      await add('one', { tokens_per_day: 500 });
      upstream.answer = (_, response) => sendJson(response, 200, stated);
      assert.deepEqual([(await transcribe()).status, (await transcribe()).status], [200, 429]);
      assert.equal((await ask(accounts.gateway)).status, 429);
      assert.equal(upstream.seen.length, 1);
    });

    it('by their words, not by their files, where answers state nothing', async () => {
      await add('one', { tokens_per_day: 500 });
      upstream.answer = (_, response) => sendJson(response, 200, { text: 'hi' });
      const words = 'word '.repeat(300);
      assert.deepEqual([(await transcribe(words)).status, (await transcribe(words)).status], [200, 429]);
    });

    it('and takes back those that came to nothing', async () => {
      await add('one', { requests_per_minute: 1 });
      upstream.answer = (_, response) => sendJson(response, 400, { error: { message: 'no' } });
      assert.equal((await transcribe()).status, 400);
      upstream.answer = (_, response) => sendJson(response, 200, stated);
      assert.deepEqual([(await transcribe()).status, (await transcribe()).status], [200, 429]);
    });
  });

  describe('counts requests that pass as they are', () => {
    const passed = (content = 'hi'): Promise<Response> =>
      pass('pass/openai/responses', JSON.stringify({ model: 'm', input: content }), 'application/json');
    const stated = { usage: { input_tokens: 480, output_tokens: 20, total_tokens: 500 } };

    it('by their number', async () => {
      await add('one', { requests_per_minute: 1 });
      upstream.answer = (_, response) => sendJson(response, 200, {});
      assert.equal((await passed()).status, 200);
      const refused = await passed();
      assert.equal(refused.status, 429);
      assert.match(await refused.text(), /the limits that are set for them are reached/);
      assert.ok(Number(refused.headers.get('retry-after')) > 50);
      assert.equal((await ask(accounts.gateway)).status, 429);
    });

    it('by the tokens that their answers state, and passes over the account whose are used up', async () => {
      await add('one', { tokens_per_day: 500 });
      await add('two', { tokens_per_day: 500 });
      upstream.answer = (_, response) => sendJson(response, 200, stated);
      const statuses = [];
      for (let call = 0; call < 3; call += 1) statuses.push((await passed()).status);
      assert.deepEqual(statuses, [200, 200, 429]);
      assert.equal(new Set(asked().split(' ')).size, 2);
    });

    it('by their words where answers state nothing', async () => {
      await add('one', { tokens_per_day: 500 });
      upstream.answer = (_, response) => sendJson(response, 200, {});
      assert.deepEqual(
        [(await passed('word '.repeat(300))).status, (await passed('word '.repeat(300))).status],
        [200, 429],
      );
    });

    describe('for single models', () => {
      const LIMITS = { models: { small: { requests_per_minute: 1 }, 'odd name': { requests_per_minute: 1 } } };
      const JSON_TYPE = 'application/json';
      const filled = (bytes: number, model = 'small') => JSON.stringify({ input: 'x'.repeat(bytes), model });
      const form = (model: string) => {
        const made = new FormData();
        made.set('model', model);
        made.set('file', new File([new Uint8Array(3_000_000)], 'a.wav'));
        return made;
      };
      beforeEach(async () => {
        await add('one', LIMITS);
        upstream.answer = (_, response) => sendJson(response, 200, {});
      });
      /** Statuses of two requests, and of a third for another model. */
      const statuses = async (one: () => Promise<Response>, other: () => Promise<Response>): Promise<number[]> => [
        (await one()).status,
        (await one()).status,
        (await other()).status,
      ];

      it('that a JSON body names, wherever in it, without a byte of it changed', async () => {
        const body = `{ "input" : "a \\u00e9 ${'y'.repeat(100_000)}",\n  "model":"small" }`;
        const one = () => pass('pass/openai/responses', body, JSON_TYPE);
        assert.deepEqual(
          await statuses(one, () => pass('pass/openai/responses', filled(10, 'large'), JSON_TYPE)),
          [200, 429, 200],
        );
        assert.equal(upstream.seen[0]?.body.toString(), body);
      });

      it('that the address names', async () => {
        for (const path of [
          'models/small:generateContent',
          'model/odd%20name/converse-stream',
          'deployments/small/chat/completions',
        ]) {
          for (const seat of seatsOf()) seat.reset();
          const statusOf = async () => (await pass(`pass/openai/${path}`, '{}', JSON_TYPE)).status;
          const first = await statusOf();
          assert.deepEqual([path, first === 429 ? 429 : await statusOf()], [path, 429]);
        }
        assert.equal((await pass('pass/openai/models/large:generateContent', '{}', JSON_TYPE)).status, 200);
        assert.equal(upstream.seen.length, 3);
      });

      it('that a form names before its file, which passes as it comes', async () => {
        const one = () => pass('pass/openai/audio', form('small'));
        assert.deepEqual(await statuses(one, () => pass('pass/openai/audio', form('large'))), [200, 429, 200]);
        assert.ok((upstream.seen[0]?.body.length ?? 0) > 3_000_000);
      });

      it('but not where it is too long to be held, or no JSON', async () => {
        const long = () => pass('pass/openai/responses', filled(1_100_000), JSON_TYPE);
        const plain = () => pass('pass/openai/responses', filled(10), 'text/plain');
        assert.deepEqual(await statuses(long, plain), [200, 200, 200]);
        assert.equal(upstream.seen[0]?.body.length, filled(1_100_000).length);
      });
    });

    it('and takes back those that came to nothing', async () => {
      await add('one', { requests_per_minute: 1 });
      upstream.answer = (_, response) => sendJson(response, 404, { error: { message: 'no' } });
      assert.equal((await passed()).status, 404);
      upstream.answer = (_, response) => sendJson(response, 200, {});
      assert.deepEqual([(await passed()).status, (await passed()).status], [200, 429]);
    });
  });

  it('is refused with the name of a member that is no limit', async () => {
    const sent = (limits: object) => ({
      params: undefined,
      query: undefined,
      body: {
        provider_id: 'openai',
        auth_data: { api_key: 'canary-0123456789' },
        is_active: true,
        metadata: { limits },
      },
    });
    const { CreateAccount } = await import('@patchbay/contract/resources/account');
    const parsed = CreateAccount.safeParse(sent({ requests_per_minute: 0 }).body);
    assert.deepEqual(parsed.error?.issues[0]?.path, ['metadata', 'limits', 'requests_per_minute']);
    const made = await accounts.handlers['accounts.create'](sent({ tokens_per_minute: 5 }) as never, as('admin'));
    assert.ok(made.ok);
    assert.deepEqual(made.value.metadata, { limits: { tokens_per_minute: 5 } });
  });
});

describe('two gateways and an account with one request a minute', { skip: skipRedis }, () => {
  it('count for it together', async () => {
    const id = await add('one', { requests_per_minute: 1 });
    const open = async () => {
      const coordination = await openOnRedis(REDIS_URL, PATIENT);
      const { store } = accounts;
      const gateway = await startGateway(
        [{ ...provider('openai', `${upstream.url}/v1`), accounts: [] }],
        { egressAllow: ['127.0.0.1'] },
        {
          stored: { rows: store.rows, secrets: store.secrets, feed: store.changes },
          limits: { limiter: coordination.limiter },
        },
      );
      await gateway.gateway.start();
      return { gateway, coordination };
    };
    const all = [await open(), await open()];
    try {
      const statuses = [];
      for (const { gateway } of all) statuses.push((await ask(gateway)).status);
      assert.deepEqual(statuses, [200, 429]);
      assert.equal(upstream.seen.length, 1);
    } finally {
      for (const { gateway, coordination } of all) {
        await gateway.close();
        await coordination.close();
      }
      await forget(`account:${id}`);
    }
  });
});
