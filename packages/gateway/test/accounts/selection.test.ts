import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { turnKey } from '../../src/accounts/counter.ts';
import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { post, provider } from '../support/test-gateway.ts';
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
/** Ids by key, in the order in which turns go. */
let ids: readonly string[] = [];
let keyOf: ReadonlyMap<string, string>;

before(async () => {
  upstream = await startUpstream((_, response) => sendJson(response, 200, CHAT));
  accounts = await startAccounts(
    [
      { ...provider('openai', `${upstream.url}/v1`), accounts: [] },
      provider('groq', `${upstream.url}/groq`, 'canary-settled'),
    ],
    {
      accountPolicies: new Map([
        ['openai/first', 'fill-first'],
        ['openai/stays', 'affinity'],
      ]),
    },
  );
  const added = new Map<string, string>();
  for (const key of ['canary-one-0123456789', 'canary-two-0123456789'])
    added.set(await accounts.add('openai', key), key);
  ids = [...added.keys()].sort();
  keyOf = added;
});
after(async () => {
  await accounts.close();
  await upstream.close();
});
beforeEach(() => {
  upstream.seen.length = 0;
  upstream.answer = (_, response) => sendJson(response, 200, CHAT);
  for (const seat of accounts.gateway.gateway.registry.current().runtimes.get('openai')?.pool.seats ?? []) seat.reset();
});

/** Names of the accounts that were asked, as A for the first of all. */
const asked = (): string =>
  upstream.seen
    .map(({ headers }) => String(headers.authorization).replace('Bearer ', ''))
    .map((key) => 'AB'[ids.findIndex((id) => keyOf.get(id) === key)] ?? '?')
    .join('');

describe('round robin', () => {
  it('takes two accounts in turn, and begins again where its counter is deleted', async () => {
    for (let call = 0; call < 4; call += 1) assert.equal((await accounts.ask('openai/gpt-4')).status, 200);
    assert.equal(asked(), 'ABAB');
    await accounts.ask('openai/gpt-4');
    accounts.counter.delete(turnKey('openai', 'gpt-4'));
    await accounts.ask('openai/gpt-4');
    assert.equal(asked(), 'ABABAA');
  });

  it('counts each model by itself', async () => {
    await accounts.ask('openai/one');
    await accounts.ask('openai/two');
    assert.equal(asked(), 'AA');
  });
});

describe('a policy', () => {
  it('that fills the first takes no other while that one is awake', async () => {
    for (let call = 0; call < 3; call += 1) await accounts.ask('openai/first');
    assert.equal(asked(), 'AAA');
  });

  it('of affinity keeps a conversation at one account and spreads conversations over all', async () => {
    const talk = (first: string) => [
      { role: 'user', content: first },
      { role: 'assistant', content: 'yes?' },
      { role: 'user', content: String(Math.random()) },
    ];
    const homes = new Set<string>();
    for (let conversation = 0; conversation < 12; conversation += 1) {
      upstream.seen.length = 0;
      for (let turn = 0; turn < 3; turn += 1) await accounts.ask('openai/stays', '', talk(`topic ${conversation}`));
      assert.match(asked(), /^(AAA|BBB)$/);
      homes.add(asked());
    }
    assert.equal(homes.size, 2);
  });

  it('of affinity is the usual one only for prompts that a provider keeps and bills for', async () => {
    const long = 'x'.repeat(5000);
    for (let turn = 0; turn < 4; turn += 1) await accounts.ask('openai/gpt-4o', '', [{ role: 'user', content: long }]);
    assert.match(asked(), /^(AAAA|BBBB)$/);
    upstream.seen.length = 0;
    for (let turn = 0; turn < 2; turn += 1) await accounts.ask('openai/gpt-4o');
    assert.match(asked(), /^(AB|BA)$/);
  });
});

describe('?account_id=', () => {
  it('forces an account and is not sent on', async () => {
    for (let call = 0; call < 3; call += 1) await accounts.ask('openai/gpt-4', `?account_id=${ids[1]}`);
    assert.equal(asked(), 'BBB');
    assert.equal(upstream.seen[0]?.path, '/v1/chat/completions');
  });

  it('of somebody unknown is a 404 that names it', async () => {
    const response = await accounts.ask('openai/gpt-4', '?account_id=nobody');
    assert.equal(response.status, 404);
    assert.match(await response.text(), /no active account `nobody`/);
    assert.equal(upstream.seen.length, 0);
  });
});

describe('a change', () => {
  it('made in SQL is followed within a second: off and on', async () => {
    accounts.byHand.exec(`update accounts set is_active = false where id = '${ids[0]}'`);
    await until(async () => {
      upstream.seen.length = 0;
      for (let call = 0; call < 2; call += 1) await accounts.ask('openai/gpt-4');
      return asked() === 'BB';
    });
    accounts.byHand.exec(`update accounts set is_active = true where id = '${ids[0]}'`);
    await until(async () => {
      upstream.seen.length = 0;
      for (let call = 0; call < 2; call += 1) await accounts.ask('openai/gpt-4');
      return asked().includes('A');
    });
  });

  it('leaves what others learned: a cooling account stays so when another is added', async () => {
    upstream.answer = ({ headers }, response) =>
      String(headers.authorization).endsWith(String(keyOf.get(ids[0] ?? '')))
        ? sendJson(response, 429, { error: { message: 'slow' } }, { 'retry-after': '60' })
        : sendJson(response, 200, CHAT);
    accounts.counter.delete(turnKey('openai', 'cooled'));
    assert.equal((await accounts.ask('openai/cooled')).status, 200);
    assert.equal(asked(), 'AB');
    const third = await accounts.add('openai', 'canary-three-0123456789', { label: 'third' });
    upstream.seen.length = 0;
    for (let call = 0; call < 4; call += 1) await accounts.ask('openai/cooled');
    assert.doesNotMatch(asked(), /A/);
    const removed = await accounts.handlers['accounts.delete'](
      { params: { id: third }, query: undefined, body: undefined } as never,
      as('admin'),
    );
    assert.ok(removed.ok);
  });
});

describe('accounts', () => {
  it('join those of the settings', async () => {
    await accounts.add('groq', 'canary-groq-0123456789');
    for (let call = 0; call < 2; call += 1) await accounts.ask('groq/m');
    assert.deepEqual(
      upstream.seen.map(({ headers }) => headers.authorization),
      ['Bearer canary-settled', 'Bearer canary-groq-0123456789'],
    );
  });

  it('present tokens as bearers where the provider takes keys in another header', async () => {
    const id = await accounts.add('openai', '', {
      auth_data: JSON.stringify({
        access_token: 'canary-token',
        refresh_token: 'canary-refresh',
        expires_at: '2099-01-01T00:00:00Z',
      }),
    });
    await accounts.ask('openai/gpt-4', `?account_id=${id}`);
    assert.equal(upstream.seen[0]?.headers.authorization, 'Bearer canary-token');
    await accounts.store.rows.accounts.remove(id);
    await accounts.gateway.gateway.registry.refresh();
  });

  it('that are all switched off leave a 503 that says so in the caller’s dialect', async () => {
    accounts.byHand.exec(`update accounts set is_active = false where provider_id = 'openai'`);
    await accounts.gateway.gateway.registry.refresh();
    // Without a key of the settings, the provider has only its accounts.
    const response = await accounts.ask('openai/gpt-4');
    assert.equal(response.status, 503);
    assert.match(await response.text(), /no available accounts for provider openai/);
    const anthropic = await post(accounts.gateway, '/v1/messages', {
      model: 'openai/gpt-4',
      max_tokens: 5,
      messages: [{ role: 'user', content: 'hi' }],
    });
    assert.equal(anthropic.status, 529);
    assert.equal(((await anthropic.json()) as { type: string }).type, 'error');
    assert.equal(upstream.seen.length, 0);
    accounts.byHand.exec(`update accounts set is_active = true where provider_id = 'openai'`);
    await accounts.gateway.gateway.registry.refresh();
  });

  it('have their use written down a moment later', async () => {
    await accounts.ask('openai/gpt-4', `?account_id=${ids[0]}`);
    await until(async () => {
      const row = await accounts.store.rows.accounts.get(ids[0] ?? '');
      return row?.lastSuccessAtMs !== undefined && row.usageCount > 0 && row.healthStatus === 'healthy';
    });
  });

  it('lie in the table with their keys sealed and the rest readable', () => {
    const [row] = accounts.byHand
      .prepare(`select json_extract(auth_data, '$.api_key') as key from accounts where id = ?`)
      .all(ids[0] ?? '') as { key: string }[];
    assert.match(row?.key ?? '', /^enc:v1:/);
    const file = JSON.stringify(accounts.byHand.prepare('select * from accounts').all());
    assert.doesNotMatch(file, /canary/);
  });
});
