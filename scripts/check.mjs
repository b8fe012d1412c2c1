/** Runs the gates in order, one line each, and says what to do about each that fails. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as copies from './check-copies.mjs';
import * as docs from './check-docs.mjs';
import * as rooms from './check-rooms.mjs';
import * as secrets from './check-secrets.mjs';
import * as sizes from './check-sizes.mjs';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const MOST_PROBLEMS_SHOWN = 40;

const GATES = [
  { name: 'format', ...tool('oxfmt/bin/oxfmt', ['--list-different', '.']), remedy: 'Run `npm run format`.' },
  // Before lint, which looks up what other packages declare.
  {
    name: 'types',
    ...tool('typescript/bin/tsc', ['-b']),
    remedy: 'Correct the types; casts need a comment with the reason.',
  },
  {
    name: 'lint',
    ...tool('oxlint/bin/oxlint', ['--quiet', 'packages', 'scripts', 'bench']),
    remedy: 'Each finding above names its rule.',
  },
  { name: 'rooms', ...rooms },
  { name: 'sizes', ...sizes },
  { name: 'copies', ...copies },
  { name: 'docs', ...docs },
  { name: 'secrets', ...secrets },
];

/** Runs all gates, or those named by the arguments; resolves to the exit code. */
export async function main(names) {
  const unknown = names.filter((name) => !GATES.some((gate) => gate.name === name));
  if (unknown.length > 0) {
    process.stderr.write(
      `No gate is called ${unknown.join(', ')}; there are ${GATES.map((gate) => gate.name).join(', ')}.\n`,
    );
    return 1;
  }
  let failed = 0;
  for (const gate of GATES.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const startedMs = performance.now();
    const found = await gate.problems(ROOT);
    print(gate, found, performance.now() - startedMs);
    if (found.length > 0) failed += 1;
  }
  return failed === 0 ? 0 : 1;
}

function print({ name, remedy }, found, tookMs) {
  const took = `${(tookMs / 1000).toFixed(1)} s`;
  if (found.length === 0) return process.stdout.write(`ok    ${name.padEnd(8)} ${took}\n`);
  const shown = found.slice(0, MOST_PROBLEMS_SHOWN).map((each) => each.replace(/^/gm, '      '));
  const more = found.length > shown.length ? `      and ${found.length - shown.length} more\n` : '';
  return process.stdout.write(`FAIL  ${name.padEnd(8)} ${took}\n${shown.join('\n')}\n${more}      -> ${remedy}\n`);
}

/** A gate that is a program of its own: its output is the list of problems, unless it ends with code 0. */
function tool(file, args) {
  return {
    problems: (root) =>
      new Promise((resolve) => {
        const options = { cwd: root, maxBuffer: 64 * 1024 * 1024, env: { ...process.env, NO_COLOR: '1' } };
        execFile(
          process.execPath,
          [path.join(root, 'node_modules', file), ...args],
          options,
          (error, stdout, stderr) => {
            if (error === null) return resolve([]);
            const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '');
            return resolve(lines.length > 0 ? lines : [error.message]);
          },
        );
      }),
  };
}
