import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import pg from 'pg';

import { PROCESS_KEY, startProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { newDatabase, skipPostgres } from './engines.ts';
import { gateTo, type Gate } from './gate.ts';

describe('a gateway on PostgreSQL', { skip: skipPostgres, timeout: 60_000 }, () => {
  let database: Awaited<ReturnType<typeof newDatabase>>;
  let gate: Gate;
  let gateway: GatewayProcess;
  let hand: pg.Client;
  const call = (requestId: string): Promise<Response> =>
    fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${PROCESS_KEY}`, 'x-request-id': requestId },
      body: JSON.stringify({ model: 'simulator/echo', messages: [{ role: 'user', content: 'hello' }] }),
    });
  const logged = async (requestId: string): Promise<number> => {
    const { rows } = await hand.query('select * from request_logs where request_id = $1', [requestId]);
    return rows.length;
  };
  before(async () => {
    database = await newDatabase();
    const url = new URL(database.url);
    gate = await gateTo(url.hostname, Number(url.port || 5432));
    url.host = `127.0.0.1:${gate.port}`;
    gateway = await startProcess({ DATABASE_URL: url.href });
    hand = new pg.Client({ connectionString: database.url });
    await hand.connect();
  });
  after(async () => {
    await hand.end();
    await gateway.stop();
    await gateway.remove();
    await gate.close();
    await database.drop();
  });

  it('keeps its calls there, and its key for secrets apart from it', async () => {
    assert.equal((await call('there')).status, 200);
    while ((await logged('there')) === 0);
    assert.equal(existsSync(path.join(gateway.dataDir, 'patchbay.db')), false);
    const { mode } = await stat(path.join(gateway.dataDir, 'encryption-key'));
    assert.equal((mode & 0o777).toString(8), '600');
  });

  it('serves on while PostgreSQL is away, and writes what it has missed', async () => {
    await gate.cut();
    assert.equal((await call('away')).status, 200);
    assert.equal(await logged('away'), 0);
    await gate.open();
    while ((await logged('away')) === 0);
    assert.equal((await call('back')).status, 200);
  });
});
