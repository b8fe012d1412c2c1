import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import os from 'node:os';

const running = new Set();

/** Core of the gateway under test, and cores of load and mock; undefined where pinning is impossible. */
export const PINNING = pinning();

function pinning() {
  const cores = os.cpus().length;
  if (process.platform !== 'linux' || cores < 2) return undefined;
  if (spawnSync('taskset', ['-c', '0', 'true']).status !== 0) return undefined;
  return { gateway: '0', others: cores === 2 ? '1' : `1-${cores - 1}` };
}

/** Keeps this process, too, away from the gateway's core. */
export function pinSelf() {
  if (PINNING !== undefined) spawnSync('taskset', ['-a', '-pc', PINNING.others, String(process.pid)]);
}

/** Starts a program, in a process group of its own, on the cores of its role. `logPath` takes its output. */
export function startChild(role, command, args, { env, cwd, logPath, hasChannel = false } = {}) {
  const pinned = PINNING === undefined ? [command, ...args] : ['taskset', '-c', PINNING[role], command, ...args];
  const log = logPath === undefined ? 'inherit' : openSync(logPath, 'a');
  const stdio = hasChannel ? ['ignore', log, log, 'ipc'] : ['ignore', log, log];
  const child = spawn(pinned[0], pinned.slice(1), { env, cwd, stdio, detached: true, serialization: 'advanced' });
  if (typeof log === 'number') closeSync(log);
  running.add(child);
  child.on('error', (error) => (child.startError = error));
  child.on('exit', () => running.delete(child));
  return child;
}

/** Ends a program and all that it started. */
export function endChild(child) {
  running.delete(child);
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}

/** Makes sure that no program outlives this process when it ends by itself or by a signal. */
export function endChildrenOnExit() {
  process.on('exit', () => {
    for (const child of running) endChild(child);
  });
  for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 })) {
    process.on(signal, () => process.exit(code));
  }
}

/** Sends one message and waits for the next one back. */
export function ask(child, message) {
  return new Promise((resolve, reject) => {
    const onExit = (code) => reject(new Error(`A benchmark process ended with code ${code}.`));
    child.once('exit', onExit);
    child.once('message', (answer) => {
      child.off('exit', onExit);
      resolve(answer);
    });
    if (message !== undefined) child.send(message);
  });
}
