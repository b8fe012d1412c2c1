import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';

import { systemClock } from '@patchbay/llm/model/clock';

import { openLog } from './open-log.ts';

describe('an opened log', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'patchbay-log-'));
  });
  after(() => rm(folder, { recursive: true }));

  /** Logs a line of each kind; resolves to what was written to both streams. */
  async function logged(log: { folder?: string }, areas: readonly string[], usualFolder = path.join(folder, 'none')) {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const settings = { log: { level: 'info', format: 'json', ...log }, debug: { isOpen: false, areas } } as const;
    const opened = openLog({ settings, stdout, stderr, clock: systemClock, usualFolder });
    opened.log.info('a line');
    opened.areas?.tell('patchbay:users', 'wanted');
    opened.areas?.tell('patchbay:calls', 'unwanted');
    await opened.close();
    stdout.end();
    stderr.end();
    return { out: await text(stdout), err: await text(stderr), lines: opened.lines.text(), areas: opened.areas };
  }

  it('tells of areas on standard error alone, and of none that are not wanted', async () => {
    const { out, err, lines } = await logged({}, ['patchbay:*', '-patchbay:calls']);
    assert.match(out, /"a line"/);
    assert.doesNotMatch(out, /wanted/);
    assert.match(err, /"level":"debug","message":"patchbay:users wanted"/);
    assert.doesNotMatch(err, /unwanted|a line/);
    assert.match(lines, /a line/);
    assert.match(lines, /patchbay:users wanted/);
    assert.equal((await logged({}, [])).areas, undefined);
  });

  it('is kept in the folder that is named, else in the usual one where that is there', async () => {
    const named = path.join(folder, 'named');
    await logged({ folder: named }, [], folder);
    assert.match(await readFile(path.join(named, 'application.log'), 'utf8'), /a line/);
    assert.deepEqual(await readdir(folder), ['named']);
    await logged({}, [], folder);
    assert.match(await readFile(path.join(folder, 'application.log'), 'utf8'), /a line/);
    await logged({}, [], path.join(folder, 'missing'));
    assert.deepEqual((await readdir(folder)).sort(), ['application.log', 'named']);
  });

  it('tells in itself where the folder cannot be used', async () => {
    const { out } = await logged({ folder: path.join(folder, 'application.log') }, []);
    assert.match(out, /LOG_DIR cannot be written/);
    assert.match(out, /"a line"/);
  });
});
