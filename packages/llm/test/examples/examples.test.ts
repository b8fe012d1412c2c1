import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { printedBy } from './printed-by.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const files = readdirSync(`${ROOT}examples`).filter((name) => name.endsWith('.ts'));

describe('examples', () => {
  const running = promisify(execFile)(
    process.execPath,
    ['--conditions=patchbay-src', '-e', "import('./scripts/run-examples.mjs').then((loaded) => loaded.main([]))"],
    { cwd: ROOT, env: { PATH: process.env['PATH'] } },
  );
  // Whoever fails says so below.
  running.catch(() => {});

  for (const name of files)
    it(`${name} prints what stands beside its lines, in 60 lines at most`, async () => {
      const source = readFileSync(`${ROOT}examples/${name}`, 'utf8');
      const { stdout } = await running;
      const [, said = ''] = stdout.split(`== examples/${name}\n`);
      const [own = ''] = said.split('== examples/');
      const expected = printedBy(source);
      assert.ok(expected.length > 0, 'An example that prints nothing shows nothing.');
      assert.deepEqual(own.trimEnd().split('\n'), expected);
      assert.ok(source.split('\n').length <= 61);
    });
});
