import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import process from 'node:process';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';

const SCRIPT = `
const { openCoordination } = await import(${JSON.stringify(new URL('./open-coordination.ts', import.meta.url).href)});
const { systemClock } = await import('@patchbay/llm/model/clock');
const { createRequire } = await import('node:module');
const loaded = () => Object.keys(createRequire('/').cache).some((each) => each.includes('@redis'));
const here = await openCoordination({ clock: systemClock, onError: () => undefined });
const before = loaded();
await here.close();
const { Secret } = await import('@patchbay/llm/credentials/secret');
const there = await openCoordination({ redisUrl: new Secret('redis://127.0.0.1:1'), clock: systemClock, onError: () => undefined });
console.log(JSON.stringify([before, loaded()]));
await there.close();
`;

describe('coordination without a Redis', () => {
  it('loads no driver, and keeps no process alive once it is closed', async () => {
    const args = ['--conditions=patchbay-src', '--input-type=module', '-e', SCRIPT];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname });
    assert.deepEqual(JSON.parse(stdout), [false, true]);
  });
});
