import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const CHILD = fileURLToPath(new URL('import-and-die.ts', import.meta.url));

describe('an import whose process is killed', () => {
  let dataDir: string;
  before(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), 'patchbay-killed-'));
  });
  after(() => rm(dataDir, { recursive: true }));

  const counts = async (moment: string): Promise<readonly number[]> => {
    const child = spawn(process.execPath, ['--conditions=patchbay-src', CHILD, dataDir, moment], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const said = child.stderr.setEncoding('utf8').toArray() as Promise<string[]>;
    const [, signal] = await once(child, 'exit');
    assert.equal(signal, 'SIGKILL', (await said).join(''));
    const database = new DatabaseSync(path.join(dataDir, 'patchbay.db'));
    const count = (table: string) => Number(database.prepare(`select count(*) as n from ${table}`).get()?.['n']);
    const found = [count('providers'), count('models')];
    database.close();
    return found;
  };

  it('in the middle leaves nothing, and behind its end everything', async () => {
    assert.deepEqual(await counts('within'), [0, 0]);
    assert.deepEqual(await counts('behind'), [400, 400]);
  });
});
