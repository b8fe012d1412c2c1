import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { Role } from '@patchbay/contract';
import { systemClock } from '@patchbay/llm/model/clock';

import { createChooser } from '../../src/accounts/choose-account.ts';
import { accountMetrics, accountsHealth, accountStates } from '../../src/operations/accounts/auth-manager.ts';
import { explainHandlers } from '../../src/operations/explain/handlers.ts';
import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { provider } from '../support/test-gateway.ts';
import { as, startAccounts, until, type AccountGateway } from './account-gateway.ts';

const CHAT = {
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
};

let upstream: ScriptedUpstream;
let accounts: AccountGateway;

before(async () => {
  upstream = await startUpstream((_, response) => sendJson(response, 200, CHAT));
  accounts = await startAccounts([{ ...provider('openai', `${upstream.url}/v1`), accounts: [] }]);
});
after(async () => {
  await accounts.close();
  await upstream.close();
});

/** What an answer or a failure may say. */
interface Said {
  readonly id?: string;
  readonly code?: string;
  readonly message?: string;
  readonly total?: number;
  readonly label?: string;
  readonly is_active?: boolean;
  readonly auth_kind?: string;
  readonly auth_data?: Readonly<Record<string, string>>;
  readonly expires_at?: string;
  readonly cooling?: { readonly reason: string };
}
type Handle = (
  asked: object,
  by: object,
) => Promise<{ readonly ok: true; readonly value: Said } | { readonly ok: false; readonly failure: Said }>;

/** What an operation answers, or its failure. */
async function does(
  id: keyof AccountGateway['handlers'],
  asked: { params?: object; query?: object; body?: object },
  [role, who]: readonly [Role, string] = ['admin', 'root'],
): Promise<Said> {
  const answer = await (accounts.handlers[id] as unknown as Handle)(asked, as(role, who));
  // What is written down of a change must show no secret either.
  assert.doesNotMatch(JSON.stringify(answer), /canary/);
  return answer.ok ? answer.value : answer.failure;
}

const KEY = { provider_id: 'openai', label: 'mine', auth_data: { api_key: 'canary-key-0123456789' }, is_active: true };
const LIST = { limit: 20, offset: 0 };

describe('an account', () => {
  it('is added with an object or its text, and shown with its secret masked', async () => {
    for (const auth_data of [KEY.auth_data, JSON.stringify(KEY.auth_data)]) {
      const made = await does('accounts.create', { body: { ...KEY, auth_data } });
      assert.deepEqual(made.auth_data, { api_key: '********6789' });
      assert.equal(made.auth_kind, 'api_key');
      assert.equal((await does('accounts.delete', { params: { id: made.id } })).code, undefined);
    }
  });

  it('of an unknown provider, without a credential, or with a mask is refused by name', async () => {
    const of = async (change: object) => does('accounts.create', { body: { ...KEY, ...change } });
    const unknown = await of({ provider_id: 'nobody' });
    assert.deepEqual([unknown.code, unknown.message], ['PROVIDER_NOT_FOUND', 'provider not found: nobody']);
    for (const auth_data of [
      '{',
      '[]',
      {},
      { api_key: '********6789' },
      { api_key: 'enc:v1:0:a' },
      { api_key: 'a\nb' },
    ])
      assert.equal((await of({ auth_data })).code, 'VALIDATION_ERROR', JSON.stringify(auth_data));
  });

  it('changes in part: what is not sent stays, and so does a secret whose mask comes back', async () => {
    const auth_data = {
      access_token: 'canary-access-0123456789',
      refresh_token: 'canary-refresh-0123456789',
      token_url: 'https://token.example.com',
      expires_at: '2099-01-01T00:00:00Z',
    };
    const made = await does('accounts.create', { body: { ...KEY, auth_data } });
    assert.equal(made.auth_kind, 'oauth');
    assert.equal(made.expires_at, '2099-01-01T00:00:00.000Z');
    const params = { id: made.id };
    const shown = made.auth_data;
    const changed = await does('accounts.update', {
      params,
      body: { auth_data: { access_token: 'canary-second-0123456789', refresh_token: '********9999' } },
    });
    assert.equal(changed.code, 'VALIDATION_ERROR');
    const kept = await does('accounts.update', {
      params,
      body: { auth_data: { ...shown, expires_in: 60 }, label: 'new' },
    });
    assert.deepEqual([kept.label, kept.is_active], ['new', true]);
    await accounts.ask('openai/gpt-4', `?account_id=${made.id}`);
    assert.equal(upstream.seen.at(-1)?.headers.authorization, 'Bearer canary-access-0123456789');
    await does('accounts.update', { params, body: { auth_data: { api_key: 'canary-other-0123456789' } } });
    await accounts.ask('openai/gpt-4', `?account_id=${made.id}`);
    assert.equal(upstream.seen.at(-1)?.headers.authorization, 'Bearer canary-other-0123456789');
    const stale = await does('accounts.update', { params, body: { label: 'late', version: 1 } });
    assert.equal(stale.code, 'CONFLICT');
    await does('accounts.delete', { params });
    assert.equal((await does('accounts.get', { params })).code, 'NOT_FOUND');
  });
});

it('users reach their own accounts only, those who keep accounts alive all', async () => {
  const made = await does('accounts.create', { body: KEY }, ['user', 'ann']);
  const params = { id: made.id };
  const reached = async (role: Role, who: string) => {
    const got = await does('accounts.get', { params }, [role, who]);
    const list = await does('accounts.list', { query: LIST }, [role, who]);
    return [got.id === made.id, (list.total ?? 0) > 0];
  };
  assert.deepEqual(await reached('user', 'ann'), [true, true]);
  assert.deepEqual(await reached('user', 'bob'), [false, false]);
  assert.deepEqual(await reached('provider', 'pat'), [true, true]);
  for (const id of ['accounts.update', 'accounts.delete', 'accounts.resetHealth'] as const)
    assert.equal((await does(id, { params, body: {} }, ['user', 'bob'])).code, 'NOT_FOUND');
  await does('accounts.delete', { params });
});

it('a cooling account says so, is explained, and is reset', async () => {
  const made = await does('accounts.create', { body: KEY });
  const other = await does('accounts.create', { body: { ...KEY, label: 'other' } });
  const off = await does('accounts.create', { body: { ...KEY, label: 'off', is_active: false } });
  upstream.answer = (_, response) => sendJson(response, 402, { error: { message: 'pay, canary-key-0123456789' } });
  await accounts.ask('openai/gpt-4');
  const params = { id: made.id };
  assert.equal((await does('accounts.get', { params })).cooling?.reason, 'quota');
  await until(async () => (await accounts.store.rows.accounts.get(String(made.id)))?.lastErrorMsg !== undefined);
  const fared = await accounts.store.rows.accounts.get(String(made.id));
  assert.match(fared?.lastErrorMsg ?? '', /^quota-exhausted \(402\): pay, \[secret\]/);
  assert.equal(fared?.healthStatus, 'down');
  const states = accountStates({ current: () => accounts.parts.registry.current(), clock: systemClock });
  assert.deepEqual(new Set(states.map(({ blocked }) => blocked?.reason)), new Set(['quota']));
  const manager = { current: () => accounts.parts.registry.current(), clock: systemClock };
  assert.deepEqual(accountsHealth(manager), { status: 'critical', total: 2, healthy: 0, blocked: 2 });
  assert.equal(accountMetrics(manager).cooldown_events, 2);
  const explained = await explain('openai/gpt-4');
  assert.equal(explained.refusal?.status, 429);
  const seen = explained.targets[0]?.accounts ?? [];
  const usable = new Map(seen.map((each) => [each.label, each.usable]));
  assert.deepEqual(
    usable,
    new Map([
      ['mine', false],
      ['other', false],
      ['off', false],
    ]),
  );
  assert.match(JSON.stringify(seen), /rests until .* because of quota.*It is switched off/);
  await does('accounts.resetHealth', { params, body: {} });
  assert.equal((await does('accounts.get', { params })).cooling, undefined);
  const again = await explain('openai/gpt-4');
  assert.equal(again.refusal, undefined);
  assert.equal(again.targets[0]?.price.state, 'priced');
  const calls = upstream.seen.length;
  await explain('openai/gpt-4');
  assert.equal(upstream.seen.length, calls);
  for (const { id } of [made, other, off]) await does('accounts.delete', { params: { id } });
});

async function explain(model: string) {
  const { registry } = accounts.gateway.gateway;
  const handlers = explainHandlers({
    find: (name) => ({
      targets: [{ providerId: 'openai', model: name.replace('openai/', '') }],
      version: registry.current().version,
      provider: (id) => registry.current().runtimes.get(id),
    }),
    version: () => registry.current().version,
    chooser: createChooser({ counter: accounts.counter, rules: new Map(), billsCachedPrompts: () => false }),
    foresight: {
      order: (targets) => targets,
      ofCaller: () => Promise.resolve({ limits: [] }),
      ofAccount: () => Promise.resolve({ limits: [] }),
      priceOf: () => ({
        state: 'priced',
        usdPerMillionTokens: { input: 1, output: 2 },
        longPrompts: [],
        usdPerRequest: 0,
      }),
    },
    callerOf: () => undefined,
    rows: accounts.parts.rows,
    clock: systemClock,
  });
  const answer = await handlers['explain.request'](
    { params: undefined, query: undefined, body: { model } },
    as('admin'),
  );
  assert.ok(answer.ok);
  return answer.value;
}
