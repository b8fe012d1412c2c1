/** Runs the whole suite, or the files whose path contains one of the arguments. */
import { glob } from 'node:fs/promises';
import path from 'node:path';
import { run } from 'node:test';
import { fileURLToPath } from 'node:url';
import { closingLine, describeFailure } from './lib/test-report.mjs';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const PATTERNS = ['packages/*/{src,test}/**/*.test.ts', 'scripts/**/*.test.mjs', 'bench/**/*.test.{ts,mjs}'];
/** The suite takes seconds; anything near this is a test that waits for something that never comes. */
const SUITE_LIMIT_MS = 8 * 60_000;

/** Runs the tests, prints failures and, as the last line, the counts; never returns. */
export async function main(filters) {
  const files = await testFiles(filters);
  const seen = { counts: { passed: 0, failed: 0, skipped: 0 }, running: new Map(), finished: false };
  const finish = (exitCode) => {
    seen.finished = true;
    process.stdout.write(`${closingLine(seen.counts)}\n`, () => process.exit(exitCode));
  };
  if (files.length === 0) {
    process.stdout.write(`No test file matches ${filters.join(' ') || PATTERNS.join(' ')}.\n`);
    return finish(1);
  }
  guard(seen, finish);
  process.chdir(ROOT);
  const stream = run({ files, isolation: 'none', concurrency: true });
  for await (const event of stream) note(seen, event);
  finish(seen.counts.failed > 0 || seen.counts.passed === 0 ? 1 : 0);
}

async function testFiles(filters) {
  const files = [];
  for await (const file of glob(PATTERNS, { cwd: ROOT })) {
    const asPosix = file.split(path.sep).join('/');
    if (filters.length === 0 || filters.some((each) => asPosix.includes(each))) files.push(path.join(ROOT, file));
  }
  return files.sort();
}

function note(seen, { type, data }) {
  const key = `${data?.file}:${data?.line}:${data?.column}:${data?.nesting}:${data?.name}`;
  if (type === 'test:start') seen.running.set(key, data);
  if (type !== 'test:pass' && type !== 'test:fail') return;
  seen.running.delete(key);
  if (type === 'test:fail') process.stdout.write(`${describeFailure(data, ROOT)}\n`);
  if (data.details?.type === 'suite' && type === 'test:pass') return;
  const column = type === 'test:fail' ? 'failed' : data.skip !== undefined || data.todo !== undefined ? 'skipped' : 'passed';
  // A suite or parent that failed only because of a child is not a failure of its own.
  if (column === 'failed' && data.details?.error?.failureType === 'subtestsFailed') return;
  seen.counts[column] += 1;
}

/** Turns a suite that hangs, or a test that calls `process.exit`, into a failure with a name. */
function guard(seen, finish) {
  setTimeout(() => {
    const names = [...seen.running.values()].map((each) => `${each.file ?? ''} ${each.name}`);
    process.stdout.write(`The suite ran longer than ${SUITE_LIMIT_MS / 60_000} minutes. Still running:\n${names.join('\n')}\n`);
    seen.counts.failed += 1;
    finish(1);
  }, SUITE_LIMIT_MS).unref();
  process.on('exit', () => {
    if (seen.finished) return;
    seen.counts.failed += 1;
    process.exitCode = 1;
    process.stdout.write(`The process ended before the suite did.\n${closingLine(seen.counts)}\n`);
  });
}
