/** Runs the examples one after another, or those with a word in their names, and says before each which it is. */
import { glob } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Resolves to the exit code: 1 where one throws or none is called so. */
export async function main(words) {
  const files = (await Array.fromAsync(glob('examples/*.ts', { cwd: ROOT }))).sort();
  const chosen = files.filter((file) => words.length === 0 || words.some((word) => file.includes(word)));
  if (chosen.length === 0) {
    process.stderr.write(`No example is called ${words.join(' or ')}; there are:\n${files.join('\n')}\n`);
    return 1;
  }
  for (const file of chosen) {
    process.stdout.write(`== ${file.split(path.sep).join('/')}\n`);
    await import(pathToFileURL(path.join(ROOT, file)).href);
  }
  return 0;
}
