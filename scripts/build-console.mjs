/**
 * Builds the console into the gateway's assets, where its sources have changed since the last time: `ensureConsole` for
 * other scripts, and by hand `npm run console`, or with `-- dev` a server that shows changes at once.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { glob, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const SCRIPT = fileURLToPath(import.meta.url);
const ROOT = path.resolve(path.dirname(SCRIPT), '..');
const SOURCES = [
  'packages/console/{index.html,package.json}',
  'packages/console/{src,public}/**/*.*',
  'packages/contract/src/**/*.ts',
  'scripts/build-console.mjs',
  'scripts/lib/console-{chunks,config,pages}.mjs',
];
const STAMP = 'sources.txt';
const TARGET = path.join(ROOT, 'packages/gateway/assets/console');
/** A build takes seconds; a lock that is older was left by one that was killed. */
const LOCK_MS = 60_000;
const WAIT_MS = 100;
/** What is worth compressing: the rest is compressed already. */
const TEXT = /\.(?:js|css|html|svg|json|txt)$/;

/** Builds the console unless it is as its sources are. Never fails: the gateway serves without it, too. */
export async function ensureConsole() {
  const wanted = await hashOfSources();
  if (wanted === undefined || (await builtFrom()) === wanted) return;
  const lock = `${TARGET}.lock`;
  if (!(await take(lock))) return waitFor(lock, wanted);
  try {
    process.stderr.write('Building the console…\n');
    await inOwnProcess();
  } catch (error) {
    process.stderr.write(`The console was not built: ${error.message}\n`);
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

/** Of everything that the console is made from; undefined where its sources are not there, as in a published package. */
async function hashOfSources() {
  const files = [];
  for await (const file of glob(SOURCES, { cwd: ROOT })) if (!/\.test\.tsx?$/.test(file)) files.push(file);
  if (!files.some((file) => file.endsWith('index.html'))) return undefined;
  const all = createHash('sha256');
  for (const [at, text] of (await Promise.all(files.sort().map((file) => readFile(path.join(ROOT, file))))).entries())
    all.update(`${files[at]}\0${text.length}\0`).update(text);
  return all.digest('hex');
}

const builtFrom = () => readFile(path.join(TARGET, STAMP), 'utf8').catch(() => undefined);

/** True for the one who made the folder that is the lock. */
async function take(lock) {
  await mkdir(path.dirname(lock), { recursive: true });
  const age = await stat(lock).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );
  if (age > LOCK_MS) await rm(lock, { recursive: true, force: true });
  return mkdir(lock).then(
    () => true,
    () => false,
  );
}

async function waitFor(lock, wanted) {
  const endsAt = Date.now() + LOCK_MS;
  while (Date.now() < endsAt) {
    if ((await builtFrom()) === wanted) return;
    // oxlint-disable-next-line no-await-in-loop
    if ((await stat(lock).catch(() => undefined)) === undefined) return;
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  }
}

/** The builder sets variables of its process and holds much memory: both go with it. */
function inOwnProcess() {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [SCRIPT], { stdio: ['ignore', 2, 2], env: { ...process.env, NODE_ENV: '' } });
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error('see the lines above'))));
  });
}

async function build() {
  const { build: bundle } = await import('vite');
  const { consoleConfig, folderBeside } = await import('./lib/console-config.mjs');
  const hash = await hashOfSources();
  const folder = await folderBeside(TARGET);
  try {
    const config = consoleConfig(ROOT);
    await bundle({ ...config, build: { ...config.build, outDir: folder } });
    await compress(folder);
    await writeFile(path.join(folder, STAMP), hash);
    await rm(TARGET, { recursive: true, force: true });
    await rename(folder, TARGET);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function compress(folder) {
  const files = [];
  for await (const file of glob('**/*.*', { cwd: folder })) if (TEXT.test(file)) files.push(path.join(folder, file));
  await Promise.all(
    files.map(async (file) => {
      const bytes = await readFile(file);
      const params = { [constants.BROTLI_PARAM_QUALITY]: 10, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
      await writeFile(`${file}.br`, await promisify(brotliCompress)(bytes, { params }));
      await writeFile(`${file}.gz`, await promisify(gzip)(bytes, { level: 9 }));
    }),
  );
}

/** Serves the sources and passes what is no page on to a gateway: PATCHBAY_URL, or the usual address. */
async function develop() {
  const { createServer } = await import('vite');
  const { consoleConfig } = await import('./lib/console-config.mjs');
  const target = process.env.PATCHBAY_URL ?? 'http://127.0.0.1:8000';
  const proxy = Object.fromEntries(['/api', '/v1', '/docs', '/openapi.json'].map((prefix) => [prefix, { target }]));
  const server = await createServer({ ...consoleConfig(ROOT), logLevel: 'info', server: { proxy } });
  await server.listen();
  server.printUrls();
}

/** `npm run console`: builds; with `dev`, serves. */
export const main = ([what]) => (what === 'dev' ? develop() : ensureConsole());

if (process.argv[1] === SCRIPT) await build();
