/**
 * `npm run image`: takes the steps of the Dockerfile in a folder instead of an engine, starts what comes of them with
 * nothing but the image's own variables, and asks whether it serves. Needs the package registry.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { copyOf, environmentOf, readDockerfile } from './lib/read-dockerfile.mjs';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const STEP_MS = 10 * 60_000;
const START_MS = 30_000;
/** What a container must answer before anybody has set anything. */
const ASKED = ['/health', '/v1/health', '/api/health', '/'];

const run = promisify(execFile);

/** Builds and starts it; resolves to the exit code. */
export async function main() {
  const [build, image] = readDockerfile(await readFile(path.join(ROOT, 'Dockerfile'), 'utf8'));
  const folder = await mkdtemp(path.join(tmpdir(), 'patchbay-image-'));
  const [source, app] = [path.join(folder, 'src'), path.join(folder, 'app')];
  try {
    await copyContext(source);
    for (const { name, rest } of build.steps) if (name === 'RUN') await step(rest, source);
    for (const { name, rest } of image.steps) if (name === 'COPY') await copy(rest, source, app);
    return await serves(image, app);
  } catch (error) {
    say(`FAIL  ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What is committed: what `.dockerignore` keeps out is never among it. */
async function copyContext(target) {
  await mkdir(target, { recursive: true });
  await run('sh', ['-c', `git archive --format=tar HEAD | tar -x -C '${target}'`], { cwd: ROOT });
}

async function step(command, cwd) {
  const startedMs = performance.now();
  try {
    await run('sh', ['-c', command], { cwd, env: ENVIRONMENT, timeout: STEP_MS, maxBuffer: 64 * 1024 * 1024 });
  } catch ({ stdout = '', stderr = '', message }) {
    throw new Error(`${command} failed.\n${`${stdout}\n${stderr}`.trim().slice(-SHOWN_CHARACTERS) || message}`);
  }
  say(`ok    ${command} (${Math.round((performance.now() - startedMs) / 1000)} s)`);
}

/** What npm told this process is not for the image; where the registry is, is. */
const ENVIRONMENT = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^npm_(?!config_registry$)|^NODE_ENV$|^INIT_CWD$/i.test(name)),
);
const SHOWN_CHARACTERS = 3000;

/** As an engine copies: of a folder its contents. */
async function copy(rest, source, app) {
  const { sources, target } = copyOf(rest);
  for (const each of sources) {
    const from = path.join(source, path.relative('/src', each));
    const isFolder = (await stat(from)).isDirectory();
    const to = isFolder ? path.join(app, target) : path.join(app, target, path.basename(from));
    await mkdir(path.dirname(to), { recursive: true });
    await cp(from, to, { recursive: true, verbatimSymlinks: true });
  }
}

async function serves(image, app) {
  const [command, ...args] = JSON.parse(image.steps.findLast(({ name }) => name === 'CMD').rest);
  const port = String(await freePort());
  const own = {
    PATH: process.env.PATH,
    PORT: port,
    DATA_DIR: path.join(app, 'data'),
    STATIC_DIR: path.join(app, 'static'),
  };
  const child = spawn(command === 'node' ? process.execPath : command, args, {
    cwd: app,
    env: { ...environmentOf(image), ...own },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += String(data)));
  const exited = once(child, 'exit');
  const isUp = await answers(`http://127.0.0.1:${port}/health`, () => child.exitCode !== null);
  const statuses = isUp ? await Promise.all(ASKED.map(async (each) => [each, (await ask(port, each)).status])) : [];
  child.kill('SIGTERM');
  const [code] = await exited;
  for (const [each, status] of statuses) say(`${status === 200 ? 'ok   ' : 'FAIL '} GET ${each} ${status}`);
  if (!isUp) say(`FAIL  it does not serve:\n${output}`);
  if (isUp) say(`${code === 0 ? 'ok   ' : 'FAIL '} SIGTERM ends it with ${code}`);
  return isUp && code === 0 && statuses.every(([, status]) => status === 200) ? 0 : 1;
}

const ask = (port, route) => fetch(`http://127.0.0.1:${port}${route}`, { headers: { accept: 'text/html,*/*' } });

async function answers(url, isOver) {
  const untilMs = performance.now() + START_MS;
  while (!isOver() && performance.now() < untilMs) {
    if ((await fetch(url).catch(() => undefined))?.ok === true) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

const say = (line) => process.stdout.write(`${line}\n`);
