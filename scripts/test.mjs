/** Runs the whole suite, or the files whose path contains one of the arguments. */
import { glob } from 'node:fs/promises';
import path from 'node:path';
import { run } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runInGroups } from './lib/run-in-groups.mjs';
import { closingLine, describeFailure } from './lib/test-report.mjs';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const PATTERNS = ['packages/*/{src,test}/**/*.test.ts', 'scripts/**/*.test.mjs', 'bench/**/*.test.{ts,mjs}'];
/** The longest group, that of the browser, takes minutes; near this, a test waits for something that never comes. */
const SUITE_LIMIT_MS = 20 * 60_000;

/** Registers the suite's last test: files load in order and root tests run in order, so it ends after all others. */
const LAST_FILE = path.join(ROOT, 'scripts/lib/last-test.mjs');
/** How long the process may stay alive after the last test before a forgotten handle is named and cut off. */
const LINGER_MS = 500;

/** Runs the tests, prints failures and, as the last line, the counts; never returns. */
export async function main(filters) {
  const files = await testFiles(filters);
  if (filters.length === 0) return runInGroups(files, ROOT);
  const seen = { counts: { passed: 0, failed: 0, skipped: 0 }, running: new Map(), finished: false };
  if (files.length === 0) {
    process.stdout.write(`No test file matches ${filters.join(' ') || PATTERNS.join(' ')}.\n`);
    return finish(seen);
  }
  guard(seen);
  process.chdir(ROOT);
  for await (const event of run({ files: [...files, LAST_FILE], isolation: 'none' })) note(seen, event);
  finish(seen);
}

function finish(seen) {
  if (seen.finished) return;
  seen.finished = true;
  const { passed, failed } = seen.counts;
  const exitCode = failed > 0 || passed === 0 ? 1 : 0;
  process.stdout.write(`${closingLine(seen.counts)}\n`, () => process.exit(exitCode));
}

/** Test files whose path has one of the filters, or all. */
export async function testFiles(filters) {
  const files = [];
  for await (const file of glob(PATTERNS, { cwd: ROOT })) {
    const asPosix = file.split(path.sep).join('/');
    if (filters.length === 0 || filters.some((each) => asPosix.includes(each))) files.push(path.join(ROOT, file));
  }
  return files.sort();
}

function note(seen, { type, data }) {
  if (type === 'test:dequeue') seen.running.set(keyOf(data), data);
  if (type === 'test:complete') seen.running.delete(keyOf(data));
  if (type === 'test:diagnostic' && data.message.startsWith('Error: ')) {
    process.stdout.write(`FAIL ${data.message}\n`);
    seen.counts.failed += 1;
  }
  if (data?.file === LAST_FILE) return type === 'test:pass' ? linger(seen) : undefined;
  const column = columnOf(type, data);
  if (type === 'test:fail') process.stdout.write(`${describeFailure(data, ROOT)}\n`);
  if (column !== undefined) seen.counts[column] += 1;
}

function keyOf(data) {
  return `${data.file}:${data.line}:${data.column}:${data.nesting}:${data.name}`;
}

/** Where a finished test counts; undefined for suites, and for parents that failed only through a child. */
function columnOf(type, data) {
  if (type === 'test:fail') return data.details?.error?.failureType === 'subtestsFailed' ? undefined : 'failed';
  if (type !== 'test:pass' || data.details?.type === 'suite') return undefined;
  return data.skip !== undefined || data.todo !== undefined ? 'skipped' : 'passed';
}

/** The runner waits until nothing keeps the process alive; a socket or timer left open would make that forever. */
function linger(seen) {
  const timer = setTimeout(() => {
    const kinds = process.getActiveResourcesInfo().filter((each) => !/^(TTY|Pipe)Wrap$/.test(each));
    process.stdout.write(`Note: a test left something open: ${[...new Set(kinds)].join(', ')}.\n`);
    finish(seen);
  }, LINGER_MS);
  timer.unref();
}

/** Turns a suite that hangs, or a test that ends the process, into a failure with a name. */
function guard(seen) {
  const watchdog = setTimeout(() => {
    const minutes = SUITE_LIMIT_MS / 60_000;
    const names = [...seen.running.values()].map((each) => `    ${path.relative(ROOT, each.file ?? '')} ${each.name}`);
    process.stdout.write(`FAIL The suite ran longer than ${minutes} minutes. Still running:\n${names.join('\n')}\n`);
    seen.counts.failed += 1;
    finish(seen);
  }, SUITE_LIMIT_MS);
  watchdog.unref();
  process.on('exit', () => {
    if (seen.finished) return;
    const last = [...seen.running.values()].at(-1);
    process.stdout.write(`FAIL The process ended before the suite did, near: ${last?.name ?? 'loading'}\n`);
    seen.counts.failed += 1;
    process.stdout.write(`${closingLine(seen.counts)}\n`);
    process.exitCode = 1;
  });
}
