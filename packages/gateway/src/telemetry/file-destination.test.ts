import assert from 'node:assert/strict';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import { fileDestination } from './file-destination.ts';

describe('a log on the disk', () => {
  let folder: string;
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'patchbay-log-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('is appended to a file that only its owner reads, in a folder that is made', async () => {
    const here = path.join(folder, 'made', 'for-it');
    const first = fileDestination({ folder: here, onError });
    first.write('one\n');
    first.write('two\n');
    await first.close();
    await chmod(path.join(here, 'application.log'), 0o644);
    const second = fileDestination({ folder: here, onError });
    second.write('three\n');
    await second.close();
    assert.equal(await readFile(path.join(here, 'application.log'), 'utf8'), 'one\ntwo\nthree\n');
    assert.equal((await stat(path.join(here, 'application.log'))).mode & 0o777, 0o600);
    assert.deepEqual(errors, []);
  });

  it('begins anew when a file is full and keeps so many', async () => {
    const here = path.join(folder, 'full');
    const destination = fileDestination({ folder: here, bytesMax: 10, filesMax: 3, onError });
    for (const each of ['first 8\n', 'second\n', 'third 8\n', 'fourth\n']) {
      destination.write(each);
      // Text that waits together is written together, so each line waits until the one before it is there.
      while ((await readFile(path.join(here, 'application.log'), 'utf8').catch(() => '')) !== each) await setTimeout(5);
    }
    await destination.close();
    assert.deepEqual((await readdir(here)).sort(), ['application.log', 'application.log.1', 'application.log.2']);
    const texts = await Promise.all(
      ['', '.1', '.2'].map((each) => readFile(path.join(here, `application.log${each}`), 'utf8')),
    );
    assert.deepEqual(texts, ['fourth\n', 'third 8\n', 'second\n']);
  });

  it('tells once where it cannot be, and goes on', async () => {
    const file = path.join(folder, 'a-file');
    await writeFile(file, '');
    const destination = fileDestination({ folder: file, onError });
    destination.write('lost\n');
    destination.write('lost\n');
    await destination.close();
    assert.equal(errors.length, 1);
    assert.match(String(errors[0]), /EEXIST|ENOTDIR/);
  });
});
