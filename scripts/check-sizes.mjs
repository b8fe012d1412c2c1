import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { sourceFiles } from './lib/source-files.mjs';

export const remedy =
  'Split the file by noun, or let the function keep the branches and name its steps; sizes.json holds the limits.';

/** Files and functions over their limits, and exceptions in sizes.json that have no reason or no use. */
export async function problems(root) {
  const sizes = JSON.parse(await readFile(path.join(root, 'sizes.json'), 'utf8'));
  const files = (await sourceFiles(root)).filter((each) => !each.isTest);
  const over = [...fileProblems(files, sizes), ...(await functionProblems(root, sizes))];
  return [
    ...over.filter((each) => sizes.exceptions[each.path] === undefined).map(sentence),
    ...exceptionProblems(sizes, over),
  ];
}

/** Files whose lines of code (blank lines and comments apart) exceed the limit. */
export function fileProblems(files, { fileLines }) {
  return files
    .map(({ path: file, code }) => ({
      path: file,
      lines: code.split('\n').filter((line) => line.trim() !== '').length,
    }))
    .filter(({ lines }) => lines > fileLines)
    .map(({ path: file, lines }) => ({ path: file, what: `has ${lines} lines of code; the limit is ${fileLines}` }));
}

async function functionProblems(root, { functionLines }) {
  const rule = ['error', { max: functionLines, skipComments: true, skipBlankLines: true }];
  const folder = await mkdtemp(path.join(os.tmpdir(), 'patchbay-sizes-'));
  const config = path.join(folder, 'oxlintrc.json');
  await writeFile(
    config,
    JSON.stringify({ categories: { correctness: 'off' }, rules: { 'eslint/max-lines-per-function': rule } }),
  );
  try {
    const output = await runOxlint(root, [
      '--config',
      config,
      '--format',
      'json',
      '--disable-nested-config',
      'packages',
      'scripts',
    ]);
    return JSON.parse(output)
      .diagnostics.filter(({ filename }) => !/\.test\.[a-z]+$|^packages\/[^/]+\/(test|dist)\//.test(filename))
      .map(({ filename, labels, message }) => ({ path: filename, line: labels[0]?.span.line, what: message }));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function runOxlint(root, args) {
  const bin = path.join(root, 'node_modules/oxlint/bin/oxlint');
  const limits = { cwd: root, maxBuffer: 64 * 1024 * 1024 };
  return new Promise((resolve, reject) => {
    // Findings make the exit code 1, which is not an error here; only missing output is.
    execFile(process.execPath, [bin, ...args], limits, (error, stdout) =>
      stdout === '' ? reject(error) : resolve(stdout),
    );
  });
}

function exceptionProblems(sizes, over) {
  return Object.entries(sizes.exceptions).flatMap(([file, why]) => {
    if (typeof why !== 'string' || why.length < 20)
      return [`sizes.json: the exception for ${file} needs a sentence that says why`];
    return over.some((each) => each.path === file) ? [] : [`sizes.json: the exception for ${file} is no longer needed`];
  });
}

function sentence({ path: file, line, what }) {
  return `${file}${line === undefined ? '' : `:${line}`} ${what}`;
}
