/** Programs that judge the package and runtimes that run it, installed once into a folder outside of the repository. */
import { execFile } from 'node:child_process';
import { access, mkdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where installed programs stay from one run to the next. */
export const CACHE = path.join(os.tmpdir(), 'patchbay-package');

/** The oldest compiler whose users are promised types. */
export const OLDEST_TYPESCRIPT = '5.4.5';

/** Exact versions, so that a verdict is the same tomorrow. None needs its install script. */
const LINTERS = {
  publint: '0.3.25',
  '@arethetypeswrong/cli': '0.18.5',
  typescript: OLDEST_TYPESCRIPT,
};

const LIBC = process.platform === 'linux' ? '-glibc' : '';
const DENO = `@deno/${process.platform}-${process.arch}${LIBC}`;
const BUN_ARCH = { x64: process.platform === 'linux' ? 'x64-baseline' : 'x64', arm64: 'aarch64' }[process.arch];
const BUN = `@oven/bun-${process.platform}-${BUN_ARCH}`;

/** Other runtimes by name: their package, the version, the program in it and what stands before a file's name. */
const RUNTIMES = {
  Bun: { packageName: BUN, version: '1.4.5', program: 'bin/bun', args: [] },
  Deno: { packageName: DENO, version: '2.9.6', program: 'deno', args: ['run', '-A', '--node-modules-dir=manual'] },
};

/** Installs everything that is missing; resolves to one line for each thing that this machine cannot have. */
export async function installTools() {
  const lines = [];
  await installInto('linters', LINTERS);
  for (const [name, { packageName, version }] of Object.entries(RUNTIMES)) {
    if (await runtimeCommand(name)) continue;
    await installInto(name.toLowerCase(), { [packageName]: version }).catch(() => {
      lines.push(`${name} is not to be had for ${process.platform} on ${process.arch}.`);
    });
  }
  return lines;
}

async function installInto(folder, dependencies) {
  const home = path.join(CACHE, folder);
  const manifest = { private: true, dependencies };
  const names = Object.keys(dependencies);
  const present = await Promise.all(names.map((name) => exists(path.join(home, 'node_modules', name))));
  if (present.every(Boolean)) return;
  await mkdir(home, { recursive: true });
  await writeFile(path.join(home, 'package.json'), JSON.stringify(manifest));
  await npm(home, ['install']);
}

/** Runs npm in a folder, without any script of a package. */
export const npm = (folder, args) =>
  run('npm', [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    shell: process.platform === 'win32',
    maxBuffer: 64 * 1024 * 1024,
  });

/** How Bun or Deno is called, as a list whose last member comes before the file; `undefined` while it is not installed. */
export async function runtimeCommand(name) {
  const { packageName, program, args } = RUNTIMES[name];
  const file = path.join(CACHE, name.toLowerCase(), 'node_modules', packageName, program);
  return (await exists(file)) ? [file, ...args] : undefined;
}

/** Path of a linter's program. */
export const linter = (file) => path.join(CACHE, 'linters/node_modules', file);

/** True where something stands at `file`. */
export const exists = (file) =>
  access(file).then(
    () => true,
    () => false,
  );
