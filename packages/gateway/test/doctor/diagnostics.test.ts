import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import { Diagnosis } from '@patchbay/contract/resources/diagnostics';
import { createSealer } from '@patchbay/llm/credentials/seal';
import { Secret } from '@patchbay/llm/credentials/secret';
import { systemClock } from '@patchbay/llm/model/clock';

import { openStore, type Store } from '../../src/storage/open-store.ts';
import { ADMIN_KEY, startManagement, VIEWER_KEY, type ManagementGateway } from '../management/management-gateway.ts';

describe('the doctor over HTTP', () => {
  let folder: string;
  let store: Store;
  let management: ManagementGateway;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'patchbay-test-'));
    const sealer = await createSealer([new Secret('a key of the tests')]);
    store = await openStore({ dataDir: folder, clock: systemClock, sealer });
    management = await startManagement(store);
  });
  after(async () => {
    await management.close();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  const examine = async () => {
    const { status, json } = await management.ask('GET /api/system/diagnostics?reach=here', { token: ADMIN_KEY });
    assert.equal(status, 200);
    return Diagnosis.parse(json);
  };

  it('finds nothing on a healthy gateway', async () => {
    const { sound, findings, checks } = await examine();
    assert.deepEqual(findings, []);
    assert.equal(sound, true);
    assert.ok(checks.ran > 0);
  });

  it('finds nothing in pages that ask who is signed in, to learn that nobody is', async () => {
    for (let page = 0; page < 20; page += 1) assert.equal((await management.ask('GET /api/session')).status, 401);
    assert.deepEqual((await examine()).findings, []);
  });

  it('finds what is wrong, mends it on demand, and says when there is nothing to mend', async () => {
    const { dataDir } = management;
    await chmod(dataDir, 0o755);
    await writeFile(path.join(dataDir, 'canary'), 'x');
    await chmod(path.join(dataDir, 'canary'), 0o644);
    const found = (await examine()).findings.map(({ code, subject }) => `${code} ${subject}`);
    assert.deepEqual(found, ['files-open-to-others file .', 'files-open-to-others file canary']);
    const body = { code: 'files-open-to-others', subject: 'file .' };
    const ask = () => management.ask('POST /api/system/diagnostics/fix', { token: ADMIN_KEY, body });
    const mended = await ask();
    assert.equal(mended.status, 200);
    assert.match(mended.json.done, /Undo: chmod 0755/);
    assert.deepEqual((await examine()).findings, []);
    assert.equal((await ask()).status, 404);
  });

  it('is for those who may see the system, and mends for those who may change it', async () => {
    assert.equal((await management.ask('GET /api/system/diagnostics')).status, 401);
    const body = { code: 'files-open-to-others', subject: 'file .' };
    const refused = await management.ask('POST /api/system/diagnostics/fix', { token: VIEWER_KEY, body });
    assert.equal(refused.status, 403);
  });
});
