import { folderOf, type FileSystem } from './file-system.ts';

/** Copies of a file of tokens, kept beside it as `<file>.YYYYMMDD-HHMMSS` (UTC). They hold what was deleted since. */
export interface BackupOptions {
  /** Default false. */
  readonly enabled?: boolean;
  /** Shortest time between two, in milliseconds. Default one day. */
  readonly interval?: number;
  /** How many are kept; the oldest go. Default 10. */
  readonly keep?: number;
}

const DAY_MS = 86_400_000;
const KEEP = 10;
const SUFFIX = /^\d{8}-\d{6}$/;

/** Copies a file that is about to change, where the last copy is old enough, and removes copies beyond `keep`. */
export async function backUp(
  files: FileSystem,
  path: string,
  { interval = DAY_MS, keep = KEEP }: BackupOptions,
  nowMs: number,
): Promise<void> {
  const made = await backupsOf(files, path);
  const newest = made.at(-1);
  if (newest !== undefined && nowMs - msOf(newest) < interval) return;
  const copy = `${path}.${suffixOf(nowMs)}`;
  await files.copyFile(path, copy);
  await files.chmod(copy, 0o600);
  const all = await backupsOf(files, path);
  for (const suffix of all.slice(0, Math.max(0, all.length - Math.max(1, keep))))
    await files.unlink(`${path}.${suffix}`);
}

/** Suffixes of the copies of a file, the oldest first. */
async function backupsOf(files: FileSystem, path: string): Promise<readonly string[]> {
  const folder = folderOf(path);
  const name = path.slice(folder === '.' && !path.startsWith('.') ? 0 : folder.length).replace(/^[/\\]/, '');
  const names = await files.readdir(folder);
  return names
    .filter((each) => each.startsWith(`${name}.`))
    .map((each) => each.slice(name.length + 1))
    .filter((suffix) => SUFFIX.test(suffix))
    .toSorted();
}

const suffixOf = (ms: number): string =>
  new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');

function msOf(suffix: string): number {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)$/.exec(suffix)?.map(Number) ?? [];
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
}
