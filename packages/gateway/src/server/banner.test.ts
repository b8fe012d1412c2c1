import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';

import { banner, type BannerParts } from './banner.ts';

const bannerWith = (key: BannerParts['key']): string =>
  banner({ version: '1.2.3', url: 'http://127.0.0.1:8000', key, providers: ['simulator', 'openai'] });

/** What a shell makes of the printed command, with `curl` replaced by a program that prints its arguments. */
async function argumentsOf(text: string, environment: Record<string, string> = {}): Promise<readonly string[]> {
  const command = text.slice(text.indexOf('  curl'));
  const script = `curl() { printf '%s\\n' "$@"; }\n${command}`;
  const { stdout } = await promisify(execFile)('sh', ['-c', script], {
    env: { PATH: '/usr/bin:/bin', ...environment },
  });
  return stdout.split('\n');
}

describe('banner', () => {
  it('says what serves where and with which providers', () => {
    const lines = bannerWith({ text: 'pb_canary' }).split('\n');
    assert.equal(lines[0], 'Patchbay 1.2.3 serves at http://127.0.0.1:8000');
    assert.equal(lines[1], 'Console: http://127.0.0.1:8000/');
    assert.equal(lines[2], 'Providers: simulator, openai');
  });

  it('shows a key only when it was made now', () => {
    assert.match(bannerWith({ text: 'pb_canary' }), /API key \(shown once\): pb_canary\n/);
    assert.doesNotMatch(bannerWith({ file: '/data/key' }), /API key/);
    assert.doesNotMatch(bannerWith({ variable: 'GATEWAY_API_KEY' }), /API key/);
  });

  it('prints a command that asks the simulator with a new key', async () => {
    const words = await argumentsOf(bannerWith({ text: 'pb_canary' }));
    assert.equal(words[0], 'http://127.0.0.1:8000/v1/chat/completions');
    assert.ok(words.includes('Authorization: Bearer pb_canary'));
    const body = JSON.parse(words[words.indexOf('-d') + 1] ?? '') as { model: string; messages: unknown[] };
    assert.equal(body.model, 'simulator/echo');
    assert.equal(body.messages.length, 1);
  });

  it('prints a command that takes the key from the environment', async () => {
    const words = await argumentsOf(bannerWith({ variable: 'GATEWAY_API_KEY' }), { GATEWAY_API_KEY: 'own canary' });
    assert.ok(words.includes('Authorization: Bearer own canary'));
  });

  it('prints a command that reads the key from a file, whatever the path holds', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "patchbay it's $HOME "));
    try {
      const file = path.join(folder, 'key');
      await writeFile(file, 'pb_canary\n');
      assert.ok((await argumentsOf(bannerWith({ file }))).includes('Authorization: Bearer pb_canary'));
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
