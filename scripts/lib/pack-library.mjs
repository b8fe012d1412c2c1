/** Builds the library into a folder of its own, packs it as npm would, and lays the package where a program can import it. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where the library stands in the repository. */
export const LIBRARY = 'packages/llm';

/**
 * Compiles `packages/llm` without its tests into `staging`, beside its sources, and packs that. Resolves to the tarball
 * and to what the compiler had to say; it writes JavaScript even where types are wrong. `noCheck` leaves types to others,
 * which takes a third of the time.
 */
export async function packLibrary(root, staging, { noCheck = false } = {}) {
  const home = path.join(root, LIBRARY);
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { recursive: true });
  for (const name of ['package.json', 'README.md', 'LICENSE', 'src'])
    await cp(path.join(home, name), path.join(staging, name), { recursive: true });
  const complaints = await compile(root, staging, noCheck);
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts'], { cwd: staging, shell: isWindows });
  const [packed] = JSON.parse(stdout);
  return { tarball: path.join(staging, packed.filename), files: packed.files.map((file) => file.path), complaints };
}

const isWindows = process.platform === 'win32';

async function compile(root, staging, noCheck) {
  const source = path.join(root, LIBRARY, 'src');
  const settings = {
    extends: path.join(root, 'tsconfig.base.json'),
    compilerOptions: {
      noCheck,
      rootDir: source,
      outDir: path.join(staging, 'dist'),
      typeRoots: [path.join(root, 'node_modules/@types')],
    },
    include: [source, path.join(source, 'catalog/models.json')],
    exclude: [`${source}/**/*.test.ts`],
  };
  const config = path.join(staging, 'tsconfig.json');
  await writeFile(config, JSON.stringify(settings));
  const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
  const said = await run(process.execPath, [compiler, '-p', config]).catch((error) => error);
  return said.stdout.split('\n').filter((line) => line.trim() !== '');
}

/**
 * Unpacks a tarball as `node_modules/@patchbay/llm` of an empty folder in `parent`, with its dependencies linked from the
 * repository: an installation that needs no network. Resolves to that folder.
 */
export async function installOffline(root, tarball, parent) {
  const folder = await mkdtemp(path.join(parent, 'installed-'));
  const home = path.join(folder, 'node_modules/@patchbay/llm');
  await mkdir(home, { recursive: true });
  await run('tar', ['-xzf', tarball, '-C', home, '--strip-components=1']);
  await writeFile(path.join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  const { dependencies } = JSON.parse(await readFile(path.join(home, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies))
    await symlink(path.join(root, 'node_modules', name), path.join(folder, 'node_modules', name), 'junction');
  return folder;
}

/** Names of the entries that stand beside `index` in a built package: what a program may import by name. */
export async function entriesOf(dist) {
  const names = await readdir(dist);
  return names.filter((name) => name.endsWith('.js')).map((name) => name.slice(0, -3));
}

const IMPORTS = /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+)(['"])([^'"\n]+)\1/g;

/** Every module that `entry` reaches in a built package: its own files, and all others by the name they are imported by. */
export async function reachedFrom(entry) {
  const own = new Set([entry]);
  const others = new Map();
  for (const file of own) {
    if (!file.endsWith('.js')) continue;
    const text = await readFile(file, 'utf8');
    for (const [, , name] of withoutComments(text).matchAll(IMPORTS)) {
      if (name.startsWith('.')) own.add(path.join(path.dirname(file), name));
      else others.set(name, [...(others.get(name) ?? []), file]);
    }
  }
  return { own: [...own], others };
}

const withoutComments = (text) => text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');
