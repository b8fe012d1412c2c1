import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';

import pg from 'pg';

import { askOf, type Answered, type Sent } from '../management/management-gateway.ts';
import { newDatabase, skipPostgres } from '../storage/engines.ts';
import { PROCESS_KEY, startProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { until } from './account-gateway.ts';

const PASSWORD = 'canary-password-of-policies';
const POLICY = '/api/v1/account-policies/groq';
const CHAT = {
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
};

describe('how accounts are chosen', { skip: skipPostgres, timeout: 120_000 }, () => {
  let database: Awaited<ReturnType<typeof newDatabase>>;
  let hand: pg.Client;
  let upstream: ScriptedUpstream;
  let here: GatewayProcess;
  let other: GatewayProcess;
  let admin: string;
  const ask = (route: string, sent: Sent = {}): Promise<Answered> => askOf(here.url, route, { token: admin, ...sent });
  const choose = (policy: string | null, more: object = {}): Promise<Answered> =>
    ask(`PUT ${POLICY}`, { body: { policy, ...more } });
  /** Accounts that four calls of the other process take, as `ABAB`. */
  const taken = async (model = 'llama'): Promise<string> => {
    upstream.seen.length = 0;
    for (let call = 0; call < 4; call += 1) {
      const messages = [{ role: 'user', content: 'hi' }];
      const body = { model: `groq/${model}`, messages };
      const answer = await askOf(other.url, 'POST /v1/chat/completions', { token: PROCESS_KEY, body });
      assert.equal(answer.status, 200, answer.text);
    }
    const keys = upstream.seen.map(({ headers }) => String(headers.authorization));
    const [first] = keys;
    return keys.map((key) => (key === first ? 'A' : 'B')).join('');
  };

  before(async () => {
    database = await newDatabase();
    hand = new pg.Client({ connectionString: database.url });
    await hand.connect();
    upstream = await startUpstream((_, response) => sendJson(response, 200, CHAT));
    const environment = {
      DATABASE_URL: database.url,
      ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      GROQ_BASE_URL: `${upstream.url}/v1`,
      ADMIN_PASSWORD: PASSWORD,
      RATE_LIMIT_ENABLED: 'false',
      ACCOUNT_POLICIES: 'groq=round-robin,groq/held=fill-first',
    };
    here = await startProcess(environment);
    other = await startProcess(environment);
    const login = await askOf(here.url, 'POST /api/v1/auth/login', {
      body: { username: 'admin', password: PASSWORD },
    });
    admin = login.json.token;
    for (const name of ['one', 'two']) {
      const body = { provider_id: 'groq', label: name, auth_data: { api_key: `canary-${name}-0123456789` } };
      assert.equal((await ask('POST /api/v1/accounts', { body })).status, 201);
    }
  });
  after(async () => {
    for (const each of [here, other]) {
      await each?.stop();
      await each?.remove();
    }
    await hand.end();
    await database.drop();
    await upstream.close();
  });
  beforeEach(async () => {
    assert.equal((await choose(null)).status, 200);
    await until(async () => (await taken()) === 'ABAB');
  });

  it('is chosen by an administrator for a provider without a row, and holds in every process', async () => {
    const said = await ask(`GET ${POLICY}`);
    assert.deepEqual(said.json, {
      provider_id: 'groq',
      policy: 'round-robin',
      source: 'setting',
      setting: { name: 'groq', policy: 'round-robin' },
      models: [{ model: 'held', policy: 'fill-first' }],
      updated_at: null,
      updated_by: null,
      version: 0,
    });
    const chosen = await choose('fill-first', { version: 0 });
    assert.deepEqual([chosen.status, chosen.json.policy, chosen.json.source], [200, 'fill-first', 'administrator']);
    await until(async () => (await taken()) === 'AAAA');
    const explained = await ask('POST /api/v1/explain', { body: { model: 'groq/llama' } });
    assert.equal(explained.json.targets[0].policy, 'fill-first: An administrator chose so for groq.');
    const { json } = await ask('GET /api/v1/account-policies');
    assert.deepEqual(
      json.policies.filter(({ provider_id: id }: { provider_id: string }) => id === 'groq'),
      [chosen.json],
    );
  });

  it('is what the settings say again once that is taken back', async () => {
    await choose('fill-first');
    await until(async () => (await taken()) === 'AAAA');
    const back = await choose(null);
    assert.deepEqual([back.json.source, back.json.policy, back.json.version], ['setting', 'round-robin', 0]);
    await until(async () => (await taken()) === 'ABAB');
  });

  it('stays what the settings say of a single model', async () => {
    await choose('round-robin');
    assert.equal(await taken('held'), 'AAAA');
  });

  it('is followed when it is written by hand, and a word that is none says nothing', async () => {
    await hand.query(`insert into account_policies (id, policy) values ('groq', 'fill-first')`);
    await until(async () => (await taken()) === 'AAAA');
    await hand.query(`update account_policies set policy = 'whatever' where id = 'groq'`);
    await until(async () => (await taken()) === 'ABAB');
    const said = await ask(`GET ${POLICY}`);
    assert.deepEqual([said.json.policy, said.json.source, said.json.version], ['round-robin', 'setting', 2]);
  });

  it('is in the audit log with who chose it and what was before', async () => {
    await choose('weighted');
    await choose('cheapest');
    const { json } = await ask('GET /api/system/audit?subjectType=account-policy&limit=1');
    const [{ actorName, subjectId, before: was, after: is }] = json.entries;
    assert.deepEqual([actorName, subjectId, was.policy, is.policy], ['admin', 'groq', 'weighted', 'cheapest']);
  });

  it('is not chosen by others, for nobody, by no known way, or over somebody else’s word', async () => {
    const key = await ask('POST /api/v1/api-keys', { body: { role: 'user' } });
    const body = { policy: 'weighted' };
    assert.equal((await ask(`GET ${POLICY}`, { token: key.json.key })).status, 200);
    assert.equal((await ask(`PUT ${POLICY}`, { token: key.json.key, body })).status, 403);
    assert.equal((await ask('PUT /api/v1/account-policies/nobody', { body })).status, 404);
    assert.equal((await choose('whatever')).status, 400);
    assert.equal((await choose('weighted', { version: 0 })).status, 200);
    const late = await choose('cheapest', { version: 0 });
    assert.deepEqual([late.status, (await ask(`GET ${POLICY}`)).json.policy], [409, 'weighted']);
  });
});
