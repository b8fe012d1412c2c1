import { spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { closingLine } from './test-report.mjs';

const RUN = fileURLToPath(new URL('../run.mjs', import.meta.url));
/** Files of one folder this deep share a process: what many files leave in one slows the later ones down. */
const GROUP_DEPTH = 4;
/** A file with a browser takes as long as so many others. */
const BROWSER_WEIGHT = 20;
const CLOSING = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/;

/** Runs all test files, one process for each room, as many at once as there are cores; resolves to the exit code. */
export async function runInGroups(files, root) {
  const groups = [...Map.groupBy(files, (file) => groupOf(path.relative(root, file))).values()];
  const total = { passed: 0, failed: 0, skipped: 0 };
  // The longest first: the last to start should not be the last to end.
  const waiting = groups.map((group) => group.map((file) => path.relative(root, file)));
  const weightOf = ([file, ...others]) => (path.dirname(file) === ALONE ? BROWSER_WEIGHT : 1) * (others.length + 1);
  waiting.sort((a, b) => weightOf(b) - weightOf(a));
  const lanes = Array.from({ length: Math.min(os.availableParallelism(), waiting.length) }, async () => {
    for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) add(total, await runGroup(group));
  });
  await Promise.all(lanes);
  process.stdout.write(`${closingLine(total)}\n`);
  return total.failed > 0 || total.passed === 0 ? 1 : 0;
}

/** Files that each drive a browser for a minute: they leave nothing to one another, and a lane of their own ends late. */
const ALONE = path.join('packages', 'console', 'test');

const groupOf = (file) => (path.dirname(file) === ALONE ? file : folderOf(file));

const folderOf = (file) =>
  file
    .split(path.sep)
    .slice(0, GROUP_DEPTH)
    .filter((each) => !each.endsWith('.ts'))
    .join('/');

function add(total, counts) {
  for (const name of Object.keys(total)) total[name] += counts[name];
}

/** One process; its output is shown when it ends, so that groups do not mix, and its closing line is counted. */
async function runGroup(group) {
  const child = spawn(process.execPath, [...process.execArgv, RUN, 'test', ...group], { stdio: ['ignore', 'pipe', 2] });
  let output = '';
  for await (const text of child.stdout) output += text;
  const lines = output.trimEnd().split('\n');
  const closing = CLOSING.exec(lines.at(-1) ?? '');
  const shown = closing === null ? lines : lines.slice(0, -1);
  if (shown.length > 0) process.stdout.write(`${shown.join('\n')}\n`);
  if (closing !== null) return countsOf(closing);
  process.stdout.write(`FAIL The tests of ${group[0]} and its neighbours ended without a result.\n`);
  return { passed: 0, failed: 1, skipped: 0 };
}

const countsOf = ([, passed, failed, skipped = '0']) => ({
  passed: Number(passed),
  failed: Number(failed),
  skipped: Number(skipped),
});
