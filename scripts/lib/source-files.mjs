import { glob, readFile } from 'node:fs/promises';
import path from 'node:path';
import { blankComments } from './blank-comments.mjs';

/**
 * Reads every TypeScript source below packages/<name>/src, in order of path.
 * `code` is the text with comments blanked, so that line numbers stay; `path` uses forward slashes.
 */
export async function sourceFiles(root) {
  const found = [];
  for await (const file of glob('packages/*/src/**/*.{ts,tsx}', { cwd: root })) {
    const asPosix = file.split(path.sep).join('/');
    const text = await readFile(path.join(root, file), 'utf8');
    found.push({ path: asPosix, text, code: blankComments(text), isTest: /\.test\.tsx?$/.test(asPosix) });
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Line number, from 1, of the character at `index`. */
export function lineAt(text, index) {
  return text.slice(0, index).split('\n').length;
}
