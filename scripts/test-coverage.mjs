/**
 * `npm run test:coverage`: runs the suite in one process and measures which lines it runs. Writes `coverage/lcov.info`,
 * which other tools read, and `coverage/index.html`. Takes parts of paths like `npm test`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { coveragePage, filesIn, sharesByPackage } from './lib/read-lcov.mjs';
import { testFiles } from './test.mjs';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const FOLDER = path.join(ROOT, 'coverage');
const LCOV = path.join(FOLDER, 'lcov.info');

/** Runs it; resolves to the exit code of the tests. */
export async function main(filters) {
  const files = await testFiles(filters);
  if (files.length === 0) {
    process.stderr.write(`No test file matches ${filters.join(' ')}.\n`);
    return 1;
  }
  await mkdir(FOLDER, { recursive: true });
  const child = spawn(
    process.execPath,
    [
      ...process.execArgv,
      '--test',
      '--test-isolation=none',
      // A test of the suite leaves what it opened to the process.
      '--test-force-exit',
      '--experimental-test-coverage',
      '--test-coverage-include=packages/*/src/**',
      '--test-coverage-exclude=**/*.test.ts',
      '--test-reporter=dot',
      '--test-reporter-destination=stdout',
      '--test-reporter=lcov',
      `--test-reporter-destination=${LCOV}`,
      ...files.map((file) => path.relative(ROOT, file)),
    ],
    { cwd: ROOT, stdio: 'inherit' },
  );
  const [code] = await once(child, 'exit');
  const measured = filesIn(await readFile(LCOV, 'utf8'));
  await writeFile(path.join(FOLDER, 'index.html'), coveragePage(measured));
  for (const { name, hit, lines, percent } of sharesByPackage(measured))
    process.stdout.write(`${percent.toFixed(1).padStart(5)} %  ${name} (${hit} of ${lines} lines)\n`);
  process.stdout.write(`${path.relative(process.cwd(), LCOV)} and index.html beside it have the rest.\n`);
  return code ?? 1;
}
