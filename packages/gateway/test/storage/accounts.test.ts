import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';

import { Secret } from '@patchbay/llm/credentials/secret';

import type { AccountRecord } from '../../src/storage/records.ts';
import type { NewRow } from '../../src/storage/repository.ts';
import { ENGINES, type TestStore } from './engines.ts';

const account = (more: Partial<AccountRecord> = {}): NewRow<AccountRecord> => ({
  id: randomUUID(),
  providerId: 'antigravity',
  label: 'Account 1',
  authData: { access_token: new Secret('canary'), expires_at: '2026-12-26T10:00:00Z' },
  metadata: { project_id: 'p' },
  isActive: true,
  usageCount: 0,
  healthStatus: 'healthy',
  failureCount: 0,
  createdAtMs: 1_790_000_000_001,
  updatedAtMs: 1_790_000_000_001,
  ...more,
});

for (const engine of ENGINES)
  describe(`accounts in ${engine.name}`, { skip: engine.skip }, () => {
    let opened: TestStore;
    before(async () => {
      opened = await engine.make();
    });
    after(() => opened.close());

    const add = async (more: Partial<AccountRecord> = {}): Promise<AccountRecord> => {
      const added = await opened.store.rows.accounts.insert(account(more));
      return added.kind === 'inserted' ? added.row : assert.fail();
    };
    const version = async (): Promise<number> => (await opened.store.changes.versions()).accounts;

    it('hide their secrets from whoever reads the table, and open them for their own row alone', async () => {
      const row = await add();
      const other = await add({ authData: row.authData });
      const member = engine.name === 'SQLite' ? `json_extract(auth_data, '$.%')` : `auth_data->>'%'`;
      const [seen] = await opened.byHand(
        `select ${member.replace('%', 'expires_at')} as ends, ${member.replace('%', 'access_token')} as token
         from accounts where id = '${row.id}'`,
      );
      assert.equal(seen?.['ends'], '2026-12-26T10:00:00Z');
      assert.match(String(seen?.['token']), /^enc:v1:/);
      const own = await opened.store.secrets.openAuthData(row.id, row.authData);
      assert.ok(own.ok);
      assert.equal((own.value as { access_token: Secret }).access_token.reveal(), 'canary');
      assert.equal((await opened.store.secrets.openAuthData(other.id, other.authData)).ok, false);
    });

    it('are a new version when somebody edits them, in SQL too, and none when the system notes something', async () => {
      const row = await add();
      const before = await version();
      await opened.store.rows.accounts.note([
        {
          id: row.id,
          uses: 3,
          lastUsedAtMs: 5000,
          health: { status: 'degraded', failures: 1, lastError: { atMs: 4000, message: 'no' } },
        },
        { id: 'gone', uses: 1 },
      ]);
      await opened.store.rows.accounts.note([
        { id: row.id, uses: 2, health: { status: 'healthy', failures: 0, lastSuccessAtMs: 6000 } },
      ]);
      assert.equal(await version(), before);
      const noted = await opened.store.rows.accounts.get(row.id);
      assert.deepEqual(
        { ...noted },
        {
          ...row,
          usageCount: 5,
          lastUsedAtMs: 5000,
          lastErrorAtMs: 4000,
          lastErrorMsg: 'no',
          lastSuccessAtMs: 6000,
        },
      );
      await opened.byHand(`update accounts set is_active = false where id = '${row.id}'`);
      const edited = await opened.store.rows.accounts.get(row.id);
      assert.deepEqual([edited?.isActive, edited?.version], [false, 2]);
      assert.ok((edited?.updatedAtMs ?? 0) > row.updatedAtMs);
      assert.ok((await version()) > before);
    });

    it('written by hand need a provider and what presents them, nothing else', async () => {
      const fields = `'{"api_key": "plain"}'`;
      await opened.byHand(
        `insert into accounts (id, provider_id, auth_data, is_active) values ('account-id', 'openai', ${fields}, true)`,
      );
      const row = await opened.store.rows.accounts.get('account-id');
      assert.deepEqual([row?.isActive, row?.healthStatus, row?.authData], [true, 'healthy', { api_key: 'plain' }]);
      const [counted] = await opened.byHand(
        `select provider_id, count(*) as account_count from accounts where is_active = true and id = 'account-id' group by provider_id`,
      );
      assert.deepEqual(
        { ...counted, account_count: Number(counted?.['account_count']) },
        { provider_id: 'openai', account_count: 1 },
      );
      await opened.byHand('create index idx_last_used on accounts (last_used_at)');
    });

    it('have what was learned of their limits put in place of what was known', async () => {
      const pattern = { accountId: 'a', model: 'm', requestLimit: 5, tokenLimit: 50, confidence: 0.1, samples: 1 };
      const { accounts } = opened.store.rows;
      await accounts.putQuotaPattern({ ...pattern, lastExhaustedAtMs: 1000 });
      await accounts.putQuotaPattern({ ...pattern, samples: 2, confidence: 0.2, lastExhaustedAtMs: 2000 });
      assert.deepEqual(await accounts.quotaPatterns(), [
        { ...pattern, samples: 2, confidence: 0.2, lastExhaustedAtMs: 2000 },
      ]);
    });
  });
