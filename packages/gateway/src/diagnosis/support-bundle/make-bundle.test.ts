import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';

import { systemClock } from '@patchbay/llm/model/clock';
import { strFromU8, unzipSync } from 'fflate';

import { makeBundle } from './make-bundle.ts';

const NOTHING = (text: string): string => text;
const run = promisify(execFile);

describe('a support bundle', () => {
  it('is an archive that other programs open', async (context) => {
    const zip = await makeBundle({ sections: { 'a.json': () => ({ b: 1 }) }, scrub: NOTHING, clock: systemClock });
    const folder = await mkdtemp(path.join(tmpdir(), 'patchbay-bundle-'));
    const file = path.join(folder, 'bundle.zip');
    await writeFile(file, zip);
    try {
      const { stdout } = await run('unzip', ['-t', file]);
      assert.match(stdout, /No errors detected/);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      context.skip('There is no `unzip` here.');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('has every section but those that fail or hang, which it names', async () => {
    const sections = {
      'good.json': () => Promise.resolve({ at: 1n, of: new Map([['x', 1]]) }),
      'log.txt': () => 'line\n',
      'fails.json': () => {
        throw new Error('no such table');
      },
      'hangs.json': () => new Promise(() => undefined),
    };
    const files = unzipSync(await makeBundle({ sections, scrub: NOTHING, clock: systemClock, sectionMs: 20 }));
    const text = (name: string): string => strFromU8(files[name] ?? assert.fail(name));
    assert.deepEqual(Object.keys(files).sort(), ['errors.json', 'good.json', 'log.txt']);
    assert.deepEqual(JSON.parse(text('good.json')), { at: '1', of: { x: 1 } });
    assert.equal(text('log.txt'), 'line\n');
    const errors = JSON.parse(text('errors.json')) as Record<string, string>;
    assert.equal(errors['fails.json'], 'no such table');
    assert.match(errors['hangs.json'] ?? '', /20 ms/);
  });

  it('hides what looks like a credential, what a name says to be one, and what is known to be one', async () => {
    const sections = {
      'a.json': () => ({ apiKey: 'plain words', note: 'Bearer abcdefgh12345678', list: ['of the canary'] }),
      'log.txt': () => 'asked with sk-live-0123456789 by the canary',
    };
    const scrub = (text: string): string => text.replaceAll('canary', '[secret]');
    const files = unzipSync(await makeBundle({ sections, scrub, clock: systemClock }));
    const all = Object.values(files)
      .map((each) => strFromU8(each))
      .join('');
    assert.doesNotMatch(all, /plain words|abcdefgh|sk-live|canary/);
    assert.deepEqual(JSON.parse(strFromU8(files['a.json'] ?? assert.fail())), {
      apiKey: '[secret]',
      note: 'Bearer [secret]',
      list: ['of the [secret]'],
    });
  });
});
