import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { endChild, startChild } from './children.mjs';
import { installPortkey } from './install-portkey.mjs';
import { CLIENT_KEY, UPSTREAM_KEY } from './payloads.mjs';
import { nginxConfig } from './nginx-config.mjs';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const START_LIMIT_MS = 30_000;
const ownEnv = { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'production' };
const bearer = { authorization: `Bearer ${CLIENT_KEY}` };

/**
 * How to start each gateway and how to speak to it. `headers` is the client's way to show its key, `model` the name
 * a client uses; `crosses` tells that a client of one dialect can reach an upstream of the other.
 */
export const GATEWAYS = {
  patchbay: {
    crosses: true,
    headers: () => bearer,
    model: (provider, name) => `${provider}/${name}`,
    prepare: async () => undefined,
    command: ({ port, mockPort, dir, tree = ROOT }) => ({
      program: process.execPath,
      args: ['--conditions=patchbay-src', path.join(tree, 'scripts/run.mjs'), 'start'],
      env: {
        PORT: String(port),
        HOST: '127.0.0.1',
        DATA_DIR: path.join(dir, 'data'),
        OPENAI_API_KEY: UPSTREAM_KEY,
        OPENAI_BASE_URL: `http://127.0.0.1:${mockPort}/v1`,
        ANTHROPIC_API_KEY: UPSTREAM_KEY,
        ANTHROPIC_BASE_URL: `http://127.0.0.1:${mockPort}/v1`,
        GATEWAY_API_KEY: CLIENT_KEY,
        ADMIN_PASSWORD: 'Bench-pw-51c0e8d2b7',
        WORKERS: '1',
      },
    }),
    isReady: async (port) => (await fetch(`http://127.0.0.1:${port}/health`)).ok,
  },
  portkey: {
    crosses: false,
    headers: (name, mockPort, dialect) => ({
      'x-portkey-config': JSON.stringify({
        provider: dialect,
        custom_host: `http://127.0.0.1:${mockPort}/v1`,
        api_key: UPSTREAM_KEY,
        override_params: { model: name },
      }),
    }),
    model: (provider, name) => `${provider}/${name}`,
    prepare: installPortkey,
    command: ({ port, prepared }) => ({
      program: process.execPath,
      args: [prepared, '--headless', `--port=${port}`],
      env: {},
    }),
    isReady: async (port) => (await fetch(`http://127.0.0.1:${port}/`)).ok,
  },
  // Not a gateway but the floor: it relays bytes, maps the key, and is handed the final model name.
  nginx: {
    crosses: false,
    headers: () => bearer,
    model: (_, name) => name,
    prepare: async () => {
      const isThere = spawnSync('nginx', ['-v']).status === 0;
      if (!isThere) throw new Error('nginx is not installed');
    },
    command: ({ port, dir }) => ({
      program: 'nginx',
      args: ['-p', dir, '-c', path.join(dir, 'nginx.conf'), '-e', 'error.log'],
      env: {},
      port,
    }),
    isReady: (port) => canConnect(port),
  },
};

/** Starts one gateway in front of the mock and waits until it serves. `tree`: the sources of ours, by default these here. */
export async function startGateway(name, { mockPort, prepared, tree, isProfiled = false }) {
  const record = GATEWAYS[name];
  const dir = await mkdtemp(path.join(os.tmpdir(), `patchbay-bench-${name}-`));
  await mkdir(path.join(dir, 'data'), { recursive: true });
  const port = await freePort();
  if (name === 'nginx') await writeFile(path.join(dir, 'nginx.conf'), nginxConfig({ port, mockPort }));
  const { program, args, env } = record.command({ port, mockPort, dir, prepared, tree });
  const profilingPort = isProfiled ? await freePort() : undefined;
  const profiling = isProfiled ? { PROFILING: 'true', PROFILING_PORT: String(profilingPort) } : {};
  const logPath = path.join(dir, 'output.log');
  const startedMs = performance.now();
  const child = startChild('gateway', program, args, { env: { ...ownEnv, ...env, ...profiling }, cwd: dir, logPath });
  await untilReady(name, child, () => record.isReady(port), logPath);
  return { name, record, child, port, profilingPort, dir, startMs: performance.now() - startedMs };
}

async function untilReady(name, child, isReady, logPath) {
  const until = performance.now() + START_LIMIT_MS;
  while (performance.now() < until && child.exitCode === null && child.startError === undefined) {
    if (await isReady().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  endChild(child);
  const output = existsSync(logPath) ? (await readFile(logPath, 'utf8')).slice(-800) : '';
  throw new Error(`${name} did not start: ${child.startError?.message ?? `exit code ${child.exitCode}`}\n${output}`);
}

function canConnect(port) {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: '127.0.0.1' }, () => resolve(socket.destroy() && true));
    socket.on('error', () => resolve(false));
  });
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
