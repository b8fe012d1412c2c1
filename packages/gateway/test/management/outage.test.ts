import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Secret } from '@patchbay/llm/credentials/secret';
import { systemClock } from '@patchbay/llm/model/clock';

import { openStore } from '../../src/storage/open-store.ts';
import { newDatabase, skipPostgres } from '../storage/engines.ts';
import { gateTo } from '../storage/gate.ts';
import { TEST_KEY } from '../support/test-gateway.ts';
import { startManagement } from './management-gateway.ts';

describe('while PostgreSQL is away', { skip: skipPostgres }, () => {
  it('management says so, calls go on, and all is well when it is back', async () => {
    const { url, drop } = await newDatabase();
    const server = new URL(url);
    const gate = await gateTo(server.hostname, Number(server.port || 5432));
    server.host = `127.0.0.1:${gate.port}`;
    const store = await openStore({ dataDir: '', databaseUrl: new Secret(server.href), clock: systemClock });
    const gateway = await startManagement(store);
    const token = await gateway.signIn('admin');
    const me = () => gateway.ask('GET /api/auth/me', { token });
    for (const goAway of [() => gate.cut(), () => Promise.resolve(gate.silence())]) {
      await goAway();
      const { status, json, headers } = await me();
      assert.deepEqual([status, json.error.code], [503, 'DATABASE_ERROR']);
      assert.ok(headers.has('retry-after'));
      const looked = await gateway.ask('GET /api/system/status', { token });
      assert.deepEqual([looked.status, looked.json.data.services.database.status], [200, 'down']);
      assert.equal((await gateway.ask('GET /api/system/status')).status, 401);
      assert.equal((await gateway.ask('GET /api/health', { token })).status, 200);
      assert.equal((await gateway.ask('GET /api/system/config', { token })).status, 503);
      const body = { username: 'admin', password: 'x' };
      assert.equal((await gateway.ask('POST /api/auth/login', { body })).status, 503);
      const call = { model: 'simulator/echo', messages: [{ role: 'user', content: 'hi' }] };
      assert.equal((await gateway.ask('POST /v1/chat/completions', { token: TEST_KEY, body: call })).status, 200);
      await gate.open();
      assert.equal((await me()).status, 200);
    }
    await gateway.close();
    await store.close();
    await gate.close();
    await drop();
  });
});
