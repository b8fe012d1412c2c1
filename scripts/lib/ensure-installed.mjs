import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Runs `npm ci` when `node_modules` does not match `package-lock.json`; otherwise costs one file comparison. */
export async function ensureInstalled(root) {
  const lockText = await readFile(path.join(root, 'package-lock.json'), 'utf8');
  const hash = createHash('sha256').update(lockText).digest('hex');
  const stampPath = path.join(root, 'node_modules/.patchbay-lock');
  if ((await readOrEmpty(stampPath)) === hash) return;
  const installedText = await readOrEmpty(path.join(root, 'node_modules/.package-lock.json'));
  if (!agrees(lockText, installedText)) await install(root);
  await writeFile(stampPath, hash);
}

/**
 * True when everything the lock file asks for is recorded as installed in the same version.
 * Optional packages are left out: most of them belong to another platform.
 */
export function agrees(lockText, installedText) {
  if (installedText === '') return false;
  const wanted = JSON.parse(lockText).packages ?? {};
  const installed = JSON.parse(installedText).packages ?? {};
  return Object.entries(wanted).every(([location, entry]) => {
    if (!location.startsWith('node_modules/') || entry.optional || entry.devOptional) return true;
    const found = installed[location];
    return found !== undefined && found.version === entry.version && found.integrity === entry.integrity;
  });
}

function install(root) {
  process.stderr.write('Installing dependencies (npm ci)…\n');
  const [file, ...prefix] = npmCommand();
  const args = [...prefix, 'ci', '--no-audit', '--no-fund', '--include=dev', '--include=optional', '--loglevel=error'];
  const shell = process.platform === 'win32' && prefix.length === 0;
  // npm's own output goes to standard error, so that the command's standard output stays its own.
  const child = spawn(file, args, { cwd: root, shell, stdio: ['ignore', 2, 2] });
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new Error(`npm could not be started (${error.message}).`)));
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`npm ci ended with code ${code}; see its output above.`)),
    );
  });
}

function npmCommand() {
  const npmScript = process.env.npm_execpath;
  return npmScript?.endsWith('.js') ? [process.execPath, npmScript] : ['npm'];
}

function readOrEmpty(file) {
  return readFile(file, 'utf8').catch(() => '');
}
