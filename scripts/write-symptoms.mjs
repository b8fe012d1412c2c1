/** Writes docs/doctor.md from the checks of the doctor and their tests: `npm run symptoms`. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const GATEWAY = path.join(ROOT, 'packages/gateway');

/** Writes the page; resolves to the exit code. */
export async function main() {
  const { CHECKS } = await import(pathToFileURL(path.join(GATEWAY, 'src/diagnosis/checks/index.ts')).href);
  const { symptomPage } = await import(pathToFileURL(path.join(GATEWAY, 'test/doctor/symptom-page.ts')).href);
  await writeFile(path.join(ROOT, 'docs/doctor.md'), symptomPage(CHECKS));
  return 0;
}
