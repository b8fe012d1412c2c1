import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import { readSettingTexts } from './read-texts.ts';

describe('texts of settings', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'patchbay-test-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('are the environment alone in a folder without files', () => {
    assert.deepEqual(readSettingTexts(folder, { PORT: '1' }), { environment: { PORT: '1' } });
  });

  it('leave out folders that have the files names', async () => {
    const other = path.join(folder, 'other');
    await mkdir(path.join(other, '.env'), { recursive: true });
    assert.deepEqual(readSettingTexts(other, {}), { environment: {} });
  });

  it('hold both files where they are', async () => {
    await writeFile(path.join(folder, '.env'), 'PORT=2\n');
    await writeFile(path.join(folder, 'config.yaml'), 'port: 3\n');
    assert.deepEqual(readSettingTexts(folder, {}), { environment: {}, dotenv: 'PORT=2\n', yaml: 'port: 3\n' });
  });
});
