import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, it } from 'node:test';

import { ENGINES, type TestStore } from '../storage/engines.ts';
import { startManagement, type ManagementGateway } from './management-gateway.ts';

const [SQLITE] = ENGINES;

describe('AUTH_MODE=open-loopback', () => {
  let made: TestStore;
  let gateway: ManagementGateway;
  before(async () => {
    made = await (SQLITE ?? assert.fail()).make();
    gateway = await startManagement(made.store, { openLoopback: true });
  });
  after(async () => {
    await gateway.close();
    await made.close();
  });

  const statusWith = (headers: Record<string, string>): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      request(`${gateway.url}/api/admin/users`, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });

  it('lets requests of this machine in without a credential', async () => {
    const { port } = new URL(gateway.url);
    assert.equal(await statusWith({}), 200);
    assert.equal(await statusWith({ host: `localhost:${port}`, origin: `http://localhost:${port}` }), 200);
  });

  it('lets nothing in that a foreign page, a name made for it or a proxy could have caused', async () => {
    const cases = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://localhost:3000' },
      { host: 'evil.example' },
      { host: '127.0.0.1.evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { 'x-forwarded-for': '127.0.0.1' },
      { forwarded: 'for=127.0.0.1' },
    ];
    for (const headers of cases) assert.equal(await statusWith(headers), 401, JSON.stringify(headers));
  });

  it('judges a credential that is shown', async () => {
    assert.equal(await statusWith({ authorization: 'Bearer pb_wrong' }), 401);
    assert.equal(await statusWith({ 'x-api-key': 'pb_wrong' }), 401);
  });

  it('is off unless it is asked for', async () => {
    const strict = await startManagement(made.store);
    assert.equal((await strict.ask('GET /api/admin/users')).status, 401);
    await strict.close();
  });
});
