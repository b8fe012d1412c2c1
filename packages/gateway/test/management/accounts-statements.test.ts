import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';

import { byHand as redis, forget, REDIS_URL, skipRedis } from '../coordination/engines.ts';
import { PROCESS_KEY, startProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { BY_HAND, type ByHand, type Row } from './databases-by-hand.ts';
import { askOf, type Answered, type Sent } from './management-gateway.ts';

const GEMINI = {
  response: {
    candidates: [{ content: { role: 'model', parts: [{ text: 'hi' }] }, finishReason: 'STOP', index: 0 }],
    usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 3, totalTokenCount: 6 },
  },
};
const CHAT = {
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-4',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
};

/** What the guide prints and both databases understand, with the least number of rows; `account-id` is filled in. */
const PRINTED: readonly (readonly [ref: string, sql: string, rows: number])[] = [
  ['001:19', "SELECT * FROM accounts WHERE provider_id = 'antigravity' AND is_active = true;", 1],
  ['001:58', 'SELECT * FROM proxy_pool WHERE is_active = true;', 1],
  [
    '001:85',
    "SELECT id, label, JSON_EXTRACT(auth_data, '$.expires_at') as expires_at FROM accounts WHERE provider_id = 'antigravity';",
    1,
  ],
  ['001:92', "SELECT JSON_EXTRACT(auth_data, '$.refresh_token') FROM accounts WHERE id = 'account-id';", 1],
  ['001:135', "SELECT JSON_EXTRACT(auth_data, '$.api_key') FROM accounts WHERE id = 'account-id';", 1],
  [
    '001:165',
    'SELECT provider_id, COUNT(*) as account_count FROM accounts WHERE is_active = true GROUP BY provider_id;',
    1,
  ],
  ['001:249', 'SELECT COUNT(*) FROM request_logs;', 1],
  ['001:363', "EXPLAIN SELECT * FROM accounts WHERE provider_id = 'antigravity';", 1],
  ['001:375', "SELECT * FROM providers WHERE id = 'antigravity';", 1],
  ['001:385', String.raw`SELECT * FROM providers WHERE id = 'antigravity'\G`, 1],
];

for (const { name, skip, open } of BY_HAND)
  describe(`the statements of the accounts guide on ${name}`, { skip, timeout: 120_000 }, () => {
    let hand: ByHand;
    let gateway: GatewayProcess;
    let upstream: ScriptedUpstream;
    let account = '';
    const ask = (route: string, sent?: Sent): Promise<Answered> => askOf(gateway.url, route, sent);
    // `\G` is no SQL: it ends a statement for the client that the guide uses.
    const run = (sql: string): Promise<readonly Row[]> =>
      hand.query(gateway, sql.replace(/\\G$/, ';').replace('account-id', account));
    const chat = async (model: string): Promise<number> =>
      (
        await ask('POST /v1/chat/completions', {
          token: PROCESS_KEY,
          body: { model, messages: [{ role: 'user', content: 'hello' }] },
        })
      ).status;
    const antigravity = (): Promise<number> => chat('antigravity/gemini-2.5-flash');
    const aSecond = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1000));
    const addAccount = async (body: object): Promise<string> => {
      const made = await ask('POST /api/v1/accounts', { body: { is_active: true, ...body } });
      assert.equal(made.status, 201, made.text);
      return made.json.id;
    };

    before(async () => {
      hand = await open();
      upstream = await startUpstream(({ path }, response) =>
        sendJson(response, 200, path.includes('v1internal') ? GEMINI : CHAT),
      );
      gateway = await startProcess({
        ...hand.environment,
        ...(skipRedis === false && { REDIS_URL }),
        AUTH_MODE: 'open-loopback',
        ANTIGRAVITY_BASE_URL: upstream.url,
        OPENAI_BASE_URL: `${upstream.url}/v1`,
        RATE_LIMIT_ENABLED: 'false',
      });
      const proxy = { url: 'http://127.0.0.1:9', protocol: 'http', is_active: true, max_accounts: 5 };
      assert.equal((await ask('POST /api/v1/proxies', { body: proxy })).status, 201);
      account = await addAccount({
        provider_id: 'antigravity',
        label: 'Account 1',
        auth_data: { access_token: 'canary-a', refresh_token: 'canary-r', expires_at: '2034-12-26T10:00:00Z' },
        metadata: { project_id: 'my-project' },
        proxy_id: null,
      });
      await addAccount({ provider_id: 'openai', label: 'One', auth_data: { api_key: 'canary-key-1' }, proxy_id: null });
    });
    after(async () => {
      await gateway?.stop();
      await gateway?.remove();
      await hand?.drop();
      await upstream?.close();
    });

    for (const [ref, sql, rows] of PRINTED)
      it(`${ref} ${sql} brings its rows`, async () => {
        assert.ok((await run(sql)).length >= rows);
      });

    it('001:85 the end of a token stands in its account, 001:375 and a provider says whether it is active', async () => {
      const [, , [, expiry] = ['', '']] = PRINTED;
      assert.equal((await run(expiry))[0]?.['expires_at'], '2034-12-26T10:00:00Z');
      const [row] = await run("SELECT * FROM providers WHERE id = 'antigravity';");
      assert.deepEqual(
        [row?.['identifier'], Boolean(row?.['is_active']), row?.['status']],
        ['antigravity', true, 'active'],
      );
      const { json } = await ask('GET /api/v1/providers');
      const listed = (json.providers as { readonly id: string }[]).filter(({ id }) => id === 'antigravity');
      assert.equal(listed.length, 1);
    });

    it('001:380 takes a provider out and puts it back, a second later', async () => {
      assert.equal(await antigravity(), 200);
      await run("UPDATE providers SET is_active = false WHERE id = 'antigravity';");
      await aSecond();
      const refused = await ask('POST /v1/chat/completions', {
        token: PROCESS_KEY,
        body: { model: 'antigravity/gemini-2.5-flash', messages: [{ role: 'user', content: 'hello' }] },
      });
      assert.equal(refused.status, 404, refused.text);
      assert.match(refused.text, /antigravity/);
      const shown = await ask('GET /api/admin/providers/antigravity');
      assert.ok(shown.status === 401 || shown.json.status === 'inactive', shown.text);
      await run("UPDATE providers SET is_active = true WHERE id = 'antigravity';");
      await aSecond();
      assert.equal(await antigravity(), 200);
    });

    it('001:36 activates the accounts of a provider, a second later', async () => {
      await run("UPDATE accounts SET is_active = false WHERE provider_id = 'antigravity';");
      await aSecond();
      assert.equal(await antigravity(), 503);
      await run("UPDATE accounts SET is_active = true WHERE provider_id = 'antigravity';");
      await aSecond();
      assert.equal(await antigravity(), 200);
    });

    it('001:63 switches a proxy off, and 001:358 makes the index', async () => {
      await run('UPDATE proxy_pool SET is_active = false WHERE id = 1;');
      assert.equal((await run('SELECT * FROM proxy_pool WHERE is_active = true;')).length, 0);
      const { json } = await ask('GET /api/v1/proxies/1');
      assert.equal(json.is_active, false);
      await run('CREATE INDEX idx_last_used ON accounts(last_used_at);');
    });

    it('001:178 the turn of accounts is read and set back with redis-cli', { skip: skipRedis }, async () => {
      await forget('account:rr:openai:gpt-4');
      const cli = async (...command: string[]): Promise<string> =>
        (await promisify(execFile)('redis-cli', ['-u', REDIS_URL, ...command])).stdout.trim();
      assert.equal(await cli('PING'), 'PONG');
      assert.deepEqual([await chat('openai/gpt-4'), await chat('openai/gpt-4')], [200, 200]);
      assert.equal(await cli('GET', 'account:rr:openai:gpt-4'), '2');
      assert.equal(await cli('DEL', 'account:rr:openai:gpt-4'), '1');
      assert.equal(await chat('openai/gpt-4'), 200);
      assert.equal(await redis('GET', 'account:rr:openai:gpt-4'), '1');
      await forget('account:rr:openai:gpt-4');
    });
  });
