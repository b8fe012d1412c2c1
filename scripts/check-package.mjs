/**
 * Packs the library and proves the tarball as its users have it: installed by npm into an empty folder, run on every
 * runtime, compiled with the oldest compiler, judged by publint and by attw. Needs the package registry.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { startSimulatorServer } from '../packages/llm/src/testing/simulator-server.ts';
import { entriesOf, packLibrary } from './lib/pack-library.mjs';
import { CACHE, installTools, linter, npm, OLDEST_TYPESCRIPT, runtimeCommand } from './lib/package-tools.mjs';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const PROGRAMS = path.join(ROOT, 'scripts/package');
const LONGEST_MS = 120_000;

const run = promisify(execFile);

/** Entries that need Node: they are not imported elsewhere. */
export const NODE_ONLY = ['node', 'testing'];

/** Proves the package, one line a proof; resolves to the exit code. */
export async function main() {
  const packed = await packLibrary(ROOT, path.join(CACHE, 'staging'));
  const lines = await installTools();
  const folder = await installed(packed.tarball);
  const proofs = [
    ['the compiler has nothing to say', () => Promise.resolve(packed.complaints)],
    ['publint', () => said(process.execPath, [linter('publint/src/cli.js'), packed.tarball])],
    ['attw', () => said(process.execPath, [linter('@arethetypeswrong/cli/dist/index.js'), packed.tarball, ...ATTW])],
    ...['nodenext', 'bundler'].map((way) => [
      `types, TypeScript ${OLDEST_TYPESCRIPT}, ${way}`,
      () => types(folder, way),
    ]),
    ...(await smokes(folder)),
  ];
  let failed = 0;
  for (const [name, prove] of proofs) {
    const problems = await prove();
    process.stdout.write(`${problems.length === 0 ? 'ok   ' : 'FAIL '} ${String(name)}\n`);
    for (const each of problems) process.stdout.write(`      ${String(each)}\n`);
    if (problems.length > 0) failed += 1;
  }
  for (const line of lines) process.stdout.write(`skip  ${line}\n`);
  process.stdout.write(`${packed.tarball}\n`);
  return failed === 0 ? 0 : 1;
}

const ATTW = ['--profile', 'esm-only', '--no-emoji'];

/** An empty folder where npm has installed the tarball, and what its optional peer's types need. */
async function installed(tarball) {
  const folder = path.join(CACHE, 'consumer');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  await npm(folder, ['install', tarball, '@ai-sdk/provider@4.0.38', '@types/json-schema@7.0.15']);
  await cp(path.join(PROGRAMS, 'consumer.ts'), path.join(folder, 'consumer.ts'));
  return folder;
}

/** Compiles a user's program, the library's own declarations included. */
function types(folder, way) {
  const module = way === 'bundler' ? 'esnext' : 'nodenext';
  const options = ['--noEmit', '--strict', '--module', module, '--moduleResolution', way, '--target', 'es2022'];
  const lib = ['--lib', 'es2022,dom,dom.iterable'];
  return said(process.execPath, [linter('typescript/bin/tsc'), ...options, ...lib, 'consumer.ts'], folder);
}

/** One proof for each runtime that is here. */
async function smokes(folder) {
  const entries = await entriesOf(path.join(folder, 'node_modules/@patchbay/llm/dist'));
  const portable = entries.filter((name) => !NODE_ONLY.includes(name));
  const runtimes = [
    [`Node ${process.versions.node}`, [process.execPath], entries],
    [await versionOnPath(), ['node'], entries],
    ['Bun', await runtimeCommand('Bun'), portable],
    ['Deno', await runtimeCommand('Deno'), portable],
  ];
  return runtimes
    .filter(([name, command]) => name !== undefined && command !== undefined)
    .map(([name, command, names]) => [name, () => smoke(folder, command, names)]);
}

/** The machine's own Node, the one that users have who never heard of ours. */
async function versionOnPath() {
  const found = await run('node', ['--version'], { env: withoutOurs() }).catch(() => undefined);
  return found && `Node ${found.stdout.trim().slice(1)} on the path`;
}

/** npm puts the pinned runtime first on the path. */
function withoutOurs() {
  const parts = (process.env.PATH ?? '').split(path.delimiter).filter((each) => !each.includes('node_modules'));
  return { ...process.env, PATH: parts.join(path.delimiter), NODE_OPTIONS: '' };
}

/** Runs the program of a first-time user; resolves to what went wrong. */
export async function smoke(folder, [program, ...args], entries) {
  await cp(path.join(PROGRAMS, 'smoke.mjs'), path.join(folder, 'smoke.mjs'));
  const server = await startSimulatorServer();
  try {
    const told = [...args, 'smoke.mjs', server.url, ...entries];
    const { stdout } = await run(program, told, { cwd: folder, env: withoutOurs(), timeout: LONGEST_MS });
    return stdout.trim().endsWith('ok') ? [] : [`It said ${JSON.stringify(stdout)} and not ok.`];
  } catch (error) {
    return linesOf(error);
  } finally {
    await server.close();
  }
}

/** What a judge had to say; nothing where it was content. */
async function said(program, args, cwd = CACHE) {
  return run(program, args, { cwd, env: { ...process.env, NO_COLOR: '1' }, timeout: LONGEST_MS }).then(
    () => [],
    linesOf,
  );
}

const linesOf = (error) => {
  const lines = `${error.stdout ?? ''}\n${error.stderr ?? ''}`.split('\n').filter((line) => line.trim() !== '');
  return lines.length > 0 ? lines : [error.message];
};
