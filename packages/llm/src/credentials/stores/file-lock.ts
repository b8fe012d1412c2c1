import { builtinModule } from '../../transport/builtin-module.ts';
import type { Clock } from '../../model/clock.ts';
import { errnoOf, readIfThere, storeError, type FileSystem } from './file-system.ts';

/** How one lock is taken. */
export interface LockParts {
  readonly files: FileSystem;
  readonly clock: Clock;
  /** The file that is there while somebody holds the lock. */
  readonly path: string;
  /** How long to wait for it, in milliseconds. */
  readonly waitMs: number;
}

/** Who holds a lock. */
interface Holder {
  readonly id: string;
  readonly pid?: number;
  readonly host?: string;
}

const LOOK_MS = 20;
/** Nobody holds one for so long: a lock this old was left behind, whoever held it. */
const LEFT_BEHIND_MS = 120_000;

/**
 * Runs `work` while nobody else holds the lock, in this process or another. Locks that dead processes left behind are
 * taken from them. Throws `storage_error` where it cannot be had in time.
 */
export async function withFileLock<T>(parts: LockParts, work: () => Promise<T>): Promise<T> {
  const { files, clock, path, waitMs } = parts;
  const own = selfNow();
  const untilMs = clock.monotonicMs() + waitMs;
  while (!(await take(files, path, own))) {
    const holder = await holderOf(files, path);
    if (holder === undefined || (await isLeftBehind(parts, holder))) {
      if (holder !== undefined) await clear(parts, holder);
      continue;
    }
    if (clock.monotonicMs() >= untilMs)
      throw storeError('storage_error', `${path} is held by process ${holder.pid ?? 'unknown'}. Try again`);
    await clock.sleep(LOOK_MS);
  }
  try {
    return await work();
  } finally {
    const holder = await holderOf(files, path);
    if (holder?.id === own.id) await files.unlink(path).catch(() => undefined);
  }
}

async function take(files: FileSystem, path: string, own: Holder): Promise<boolean> {
  try {
    const handle = await files.open(path, 'wx', 0o600);
    try {
      await handle.writeFile(JSON.stringify(own));
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function holderOf(files: FileSystem, path: string): Promise<Holder | undefined> {
  const text = await readIfThere(files, path);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Holder;
  } catch {
    // It was made a moment ago and is not written yet, or never will be.
    return { id: '' };
  }
}

async function isLeftBehind({ files, clock, path }: LockParts, { pid, host }: Holder): Promise<boolean> {
  if (pid !== undefined && host === selfNow().host && !isAlive(pid)) return true;
  const made = await files.stat(path).catch(() => undefined);
  return made !== undefined && clock.nowMs() - made.mtimeMs > LEFT_BEHIND_MS;
}

/** Removes the lock of that holder and of no other: one process at a time looks again before it does. */
async function clear({ files, clock, path }: LockParts, holder: Holder): Promise<void> {
  const guard = `${path}.clearing`;
  if (!(await take(files, guard, selfNow()))) {
    const made = await files.stat(guard).catch(() => undefined);
    if (made !== undefined && clock.nowMs() - made.mtimeMs > LEFT_BEHIND_MS)
      await files.unlink(guard).catch(() => undefined);
    return clock.sleep(LOOK_MS);
  }
  try {
    const now = await holderOf(files, path);
    if (now?.id === holder.id) await files.unlink(path).catch(() => undefined);
  } finally {
    await files.unlink(guard).catch(() => undefined);
  }
}

interface Process {
  readonly pid: number;
  kill(pid: number, signal: 0): boolean;
}

const thisProcess = (): Process | undefined => builtinModule<Process>('node:process');

function selfNow(): Holder {
  const pid = thisProcess()?.pid;
  const host = builtinModule<{ hostname(): string }>('node:os')?.hostname();
  return { id: crypto.randomUUID(), ...(pid !== undefined && { pid }), ...(host !== undefined && { host }) };
}

function isAlive(pid: number): boolean {
  try {
    return thisProcess()?.kill(pid, 0) ?? true;
  } catch (error) {
    // Another user's process is alive, too.
    return errnoOf(error) === 'EPERM';
  }
}
