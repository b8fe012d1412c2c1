import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** The measured version, and the last release of its server library with which its streams work. */
const VERSIONS = { '@portkey-ai/gateway': '1.15.2', '@hono/node-server': '1.11.4' };

/** Installs Portkey into a folder of its own, outside the product's lock file, once; gives its start script. */
export async function installPortkey() {
  const dir = path.join(os.tmpdir(), `patchbay-bench-peers-${Object.values(VERSIONS).join('-')}`);
  const script = path.join(dir, 'node_modules/@portkey-ai/gateway/build/start-server.js');
  if (existsSync(script)) return script;
  await mkdir(dir, { recursive: true });
  const [gateway, server] = Object.entries(VERSIONS);
  const manifest = {
    name: 'peers',
    private: true,
    dependencies: Object.fromEntries([gateway]),
    overrides: Object.fromEntries([server]),
  };
  await writeFile(path.join(dir, 'package.json'), JSON.stringify(manifest));
  await install(dir);
  if (!existsSync(script)) throw new Error('Portkey was installed but has no start script');
  return script;
}

function install(dir) {
  return new Promise((resolve, reject) => {
    const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund'];
    const child = spawn('npm', args, {
      cwd: dir,
      stdio: ['ignore', 'ignore', 'pipe'],
      shell: process.platform === 'win32',
    });
    let complaint = '';
    child.stderr.on('data', (text) => (complaint = (complaint + text).slice(-400)));
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`Portkey could not be installed: ${complaint}`)),
    );
  });
}
