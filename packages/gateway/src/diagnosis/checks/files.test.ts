import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';

import { systemClock } from '@patchbay/llm/model/clock';

import { dataFolder } from '../data-folder.ts';
import { examine } from '../examine.ts';
import { diskSpace } from './disk-space.ts';
import { filesOpenToOthers } from './files-open-to-others.ts';

const folders: string[] = [];
const made = async (): Promise<string> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'patchbay-doctor-'));
  folders.push(folder);
  return folder;
};

const look = async (check: typeof diskSpace, folder: string) =>
  (await examine({ checks: [check], ports: { dataFolder: dataFolder(folder) }, clock: systemClock })).findings;

describe('files of the data folder', () => {
  after(() => Promise.all(folders.map((each) => rm(each, { recursive: true, force: true }))));

  it('are well when nobody else may enter the folder', async () => {
    const folder = await made();
    await writeFile(path.join(folder, 'gateway-key'), 'x', { mode: 0o644 });
    assert.deepEqual(await look(filesOpenToOthers, folder), []);
  });

  it('are found open to others, each with the command that shuts it, and shut on demand', async () => {
    const folder = await made();
    await chmod(folder, 0o755);
    await writeFile(path.join(folder, 'gateway-key'), 'x', { mode: 0o600 });
    await writeFile(path.join(folder, 'jwt-secret'), 'x');
    await chmod(path.join(folder, 'jwt-secret'), 0o644);
    const findings = await look(filesOpenToOthers, folder);
    assert.deepEqual(
      findings.map(({ subject, remedy, fixable }) => [subject, remedy, fixable]),
      [
        ['file .', `chmod 0700 ${folder}`, true],
        ['file jwt-secret', `chmod 0600 ${folder}/jwt-secret`, true],
      ],
    );
    for (const finding of findings) await filesOpenToOthers.fix({ dataFolder: dataFolder(folder) }, finding);
    assert.deepEqual(await look(filesOpenToOthers, folder), []);
    assert.equal((await stat(path.join(folder, 'jwt-secret'))).mode & 0o777, 0o600);
  });
});

/** A file system of its own in a file; absent where this user may not mount one. */
async function smallDisk(mebibytes: number): Promise<string | undefined> {
  const [folder, image] = [await made(), path.join(await made(), 'disk')];
  try {
    execFileSync('truncate', ['-s', `${mebibytes}M`, image]);
    execFileSync('mkfs.ext4', ['-q', '-m', '0', image]);
    execFileSync('mount', ['-o', 'loop', image, folder], { stdio: 'ignore' });
    return folder;
  } catch {
    return undefined;
  }
}

describe('the disk of the data folder', () => {
  after(() => Promise.all(folders.map((each) => rm(each, { recursive: true, force: true }))));

  it('is well while it is roomy, then found low, then full', async (t) => {
    const disk = await smallDisk(4096);
    if (disk === undefined) return t.skip('This user may not mount a file system of its own.');
    const fill = (name: string, leaveMiB: number): void => {
      const freeMiB = Number(execFileSync('df', ['--output=avail', '-BM', disk]).toString().match(/\d+/)?.[0]);
      execFileSync('fallocate', ['-l', `${freeMiB - leaveMiB}M`, path.join(disk, name)]);
    };
    try {
      assert.deepEqual(await look(diskSpace, disk), []);
      fill('most', 150);
      const [warned] = await look(diskSpace, disk);
      assert.deepEqual([warned?.code, warned?.severity], ['disk-low', 'warning']);
      fill('rest', 20);
      const [found] = await look(diskSpace, disk);
      assert.deepEqual([found?.code, found?.severity], ['disk-full', 'error']);
      assert.match(found?.remedy ?? '', /LOG_RETENTION_DAYS/);
    } finally {
      execFileSync('umount', [disk]);
    }
  });
});
