/** Writes docs/permissions.md from the contract: `npm run permissions`. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const CONTRACT = path.join(ROOT, 'packages/contract/src');

/** Writes the page; resolves to the exit code. */
export async function main() {
  const { OPERATIONS } = await import(pathToFileURL(path.join(CONTRACT, 'operations.ts')).href);
  const { permissionPage } = await import(pathToFileURL(path.join(CONTRACT, 'permission-table.ts')).href);
  await writeFile(path.join(ROOT, 'docs/permissions.md'), permissionPage(Object.values(OPERATIONS)));
  return 0;
}
