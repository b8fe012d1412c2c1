import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { describe, it } from 'node:test';

const BUILT = new URL('../../gateway/assets/console/', import.meta.url);
const FIRST_LOAD_BYTES = 200_000;

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
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
      ['index.html', 'src/features/overview/page.tsx', 'src/components/ui/chart.tsx'].flatMap((each) => [
        ...withImports(manifest, each),
      ]),
    );
    const sizes = await Promise.all([...files].map(async (file) => (await stat(new URL(`${file}.gz`, BUILT))).size));
    const total = sizes.reduce((sum, each) => sum + each, 0);
    assert.ok(total < FIRST_LOAD_BYTES, `${total} bytes in ${[...files].join(', ')}`);
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
