import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { startHttpProxy, startSocksProxy, type LocalProxy } from '@patchbay/llm/testing/local-proxies';

import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { provider } from '../support/test-gateway.ts';
import { startAccounts, until, type AccountGateway } from './account-gateway.ts';

const CHAT = {
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
};

let upstream: ScriptedUpstream;
let proxies: readonly [LocalProxy, LocalProxy];
let accounts: AccountGateway;
let numbers: readonly number[] = [];

before(async () => {
  upstream = await startUpstream((_, response) => sendJson(response, 200, CHAT));
  proxies = [await startHttpProxy(), await startSocksProxy()];
  accounts = await startAccounts([{ ...provider('openai', `${upstream.url}/v1`), accounts: [] }]);
  const urls = [`http://127.0.0.1:${proxies[0].port}`, `socks5://127.0.0.1:${proxies[1].port}`];
  for (const url of urls) {
    const added = await accounts.store.rows.proxies.add({
      url,
      protocol: url.split(':')[0] ?? '',
      isActive: true,
      healthStatus: 'healthy',
      maxAccounts: 1,
      currentAccounts: 0,
      usageCount: 0,
      priority: 0,
      weight: 1,
      consecutiveFailures: 0,
      maxFailures: 1,
      successRate: 100,
      avgLatencyMs: 0,
      createdAtMs: 1,
      updatedAtMs: 1,
    });
    assert.equal(added.kind, 'inserted');
  }
  for (const key of ['canary-one-0123456789', 'canary-two-0123456789']) await accounts.add('openai', key);
  numbers = (await accounts.store.rows.accounts.all()).map(({ proxyId }) => proxyId ?? 0);
});
after(async () => {
  await accounts.close();
  await upstream.close();
  for (const proxy of proxies) await proxy.close();
});
beforeEach(() => {
  upstream.seen.length = 0;
});

const switchTo = (isActive: boolean, ids: readonly number[]): void =>
  accounts.byHand.exec(`update proxy_pool set is_active = ${isActive} where id in (${ids.join(', ')})`);

describe('accounts with proxies', () => {
  it('get one each while it has room, and go out through it', async () => {
    assert.deepEqual(
      [...numbers].sort((a, b) => a - b),
      [1, 2],
    );
    await until(async () => {
      for (let call = 0; call < 2; call += 1) assert.equal((await accounts.ask('openai/gpt-4')).status, 200);
      return proxies.every(({ asked }) => asked.length > 0);
    });
    const host = upstream.url.replace('http://', '');
    for (const { asked } of proxies) assert.deepEqual(new Set(asked), new Set([host]));
    const record = accounts.gateway.records.at(-1);
    assert.ok(numbers.includes(record?.attempts[0]?.proxyId ?? 0));
  });

  it('are left out within a second while their proxy is switched off, and come back with it', async () => {
    switchTo(false, [1]);
    await until(async () => {
      const before = proxies[0].connections;
      upstream.seen.length = 0;
      for (let call = 0; call < 4; call += 1) assert.equal((await accounts.ask('openai/gpt-4')).status, 200);
      return (
        new Set(upstream.seen.map(({ headers }) => headers.authorization)).size === 1 &&
        proxies[0].connections === before
      );
    });
    switchTo(false, [1, 2]);
    await until(async () => (await accounts.ask('openai/gpt-4')).status === 503);
    upstream.seen.length = 0;
    const response = await accounts.ask('openai/gpt-4');
    assert.match(await response.text(), /no accounts with available proxies for provider openai/);
    assert.equal(upstream.seen.length, 0);
    switchTo(true, [1, 2]);
    await until(async () => (await accounts.ask('openai/gpt-4')).status === 200);
  });

  it('whose proxy dies are replaced by others without a client noticing, and rest no longer than the proxy', async () => {
    await proxies[0].close();
    for (let call = 0; call < 6; call += 1) assert.equal((await accounts.ask('openai/gpt-4')).status, 200);
    const seats = accounts.gateway.gateway.registry.current().runtimes.get('openai')?.pool.seats ?? [];
    assert.deepEqual(
      seats.flatMap((seat) => seat.rests(performance.now())),
      [],
    );
    await until(async () => (await accounts.store.rows.proxies.get('1'))?.healthStatus === 'down');
  });
});
