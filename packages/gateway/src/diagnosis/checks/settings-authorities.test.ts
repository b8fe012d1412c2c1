import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import { systemClock } from '@patchbay/llm/model/clock';
import { selfSigned } from '@patchbay/llm/testing/self-signed';

import { examine } from '../examine.ts';
import { extraAuthorities } from '../watch/extra-authorities.ts';
import { settingsAuthorities } from './settings-authorities.ts';

const DAY_MS = 86_400_000;

describe('authorities that are trusted besides', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'patchbay-test-'));
  });
  after(() => rm(folder, { recursive: true }));

  async function found(text: string): Promise<readonly string[]> {
    const file = path.join(folder, 'authorities.pem');
    await writeFile(file, text);
    const authorities = extraAuthorities(file, () => systemClock.nowMs());
    const { findings } = await examine({
      checks: [settingsAuthorities],
      ports: { authorities },
      clock: systemClock,
    });
    return findings.map(({ code }) => code);
  }
  const good = selfSigned('one.example').cert;
  const ended = selfSigned('two.example', { fromMs: -9 * DAY_MS, toMs: -DAY_MS }).cert;

  it('are well where one of them still holds, whatever stands between them', async () => {
    assert.deepEqual(await found(good), []);
    assert.deepEqual(await found(`# one\n${ended}\n# other\n${good}`), []);
  });

  it('are found to have expired when the last of them has', async () => {
    assert.deepEqual(await found(ended), ['settings-authorities-expired']);
  });

  it('are found unreadable where there is no certificate, or one that is cut off', async () => {
    assert.deepEqual(await found('not a certificate'), ['settings-authorities-unreadable']);
    assert.deepEqual(await found(good.replace(/\n[A-Za-z0-9+/]{40}/, '\n')), ['settings-authorities-unreadable']);
  });
});
