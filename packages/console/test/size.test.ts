import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { describe, it } from 'node:test';

import { ALL_PATHS } from './support/all-paths.ts';

const BUILT = new URL('../../gateway/assets/console/', import.meta.url);
const FIRST_LOAD_BYTES = 200_000;
/** Scripts that a page begins with; browsers fetch six files of an origin at a time. */
const FIRST_FILES = 12;

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
}

interface PageList {
  readonly everywhere: readonly string[];
  readonly pages: Readonly<Record<string, readonly string[]>>;
}

type Manifest = Readonly<Record<string, Chunk>>;

/** A file with everything that it imports at once. */
function withImports(manifest: Manifest, name: string, seen = new Set<string>()): ReadonlySet<string> {
  const chunk = manifest[name];
  assert.ok(chunk, `The build has no ${name}.`);
  if (seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const each of chunk.imports ?? []) withImports(manifest, each, seen);
  return seen;
}

describe('the built console', () => {
  it('loads less than 200 kB of gzipped script before the overview is whole', async () => {
    const manifest = JSON.parse(await readFile(new URL('.vite/manifest.json', BUILT), 'utf8')) as Manifest;
    const files = new Set(
      ['index.html', 'src/app/toasts.tsx', 'src/features/overview/page.tsx', 'src/components/ui/chart.tsx'].flatMap(
        (each) => [...withImports(manifest, each)],
      ),
    );
    const sizes = await Promise.all([...files].map(async (file) => (await stat(new URL(`${file}.gz`, BUILT))).size));
    const total = sizes.reduce((sum, each) => sum + each, 0);
    assert.ok(total < FIRST_LOAD_BYTES, `${total} bytes in ${[...files].join(', ')}`);
  });

  it('tells with which files each page begins, few enough for a browser to fetch them at once', async () => {
    const list = JSON.parse(await readFile(new URL('pages.json', BUILT), 'utf8')) as PageList;
    assert.deepEqual(
      ALL_PATHS.filter((path) => list.pages[path] === undefined),
      [],
    );
    assert.equal(list.everywhere.length, 1, 'The font of nearly all that is written.');
    const manifest = JSON.parse(await readFile(new URL('.vite/manifest.json', BUILT), 'utf8')) as Manifest;
    const first = withImports(manifest, 'index.html');
    for (const [path, files] of Object.entries(list.pages)) {
      const all = new Set([...first, ...files.map((file) => file.slice(1))]);
      assert.ok(all.size <= FIRST_FILES, `${path} begins with ${[...all].join(', ')}`);
      for (const file of files) assert.ok((await stat(new URL(`.${file}`, BUILT))).size > 0, file);
    }
  });

  it('has each page in a file of its own', async () => {
    const manifest = JSON.parse(await readFile(new URL('.vite/manifest.json', BUILT), 'utf8')) as Manifest;
    const first = withImports(manifest, 'index.html');
    for (const page of ['users', 'audit', 'overview', 'sign-in']) {
      const chunk = manifest[`src/features/${page}/page.tsx`];
      assert.ok(chunk && !first.has(chunk.file), page);
    }
  });
});
