import { chmod, readdir, stat, statfs } from 'node:fs/promises';
import path from 'node:path';

/** A file of the data folder. */
export interface DataFile {
  /** Below the folder; `.` is the folder itself. */
  readonly name: string;
  /** Rights as in `chmod`, e.g. 0o600. */
  readonly mode: number;
  readonly bytes: number;
}

/** The folder where the store, keys and backups lie. */
export interface DataFolder {
  readonly folder: string;
  /** The folder and what lies directly in it; nothing before the first start. */
  files(): Promise<readonly DataFile[]>;
  /** Room on the file system where it lies or would lie, in bytes, for users who are not root. */
  space(): Promise<{ readonly freeBytes: number; readonly totalBytes: number; readonly freeFiles: number }>;
  /** Takes everybody else's rights to a file away; resolves to the rights that it had. */
  makePrivate(name: string): Promise<number>;
}

/** The data folder as it lies on the disk. */
export function dataFolder(folder: string): DataFolder {
  const at = (name: string): string => path.join(folder, name);
  const look = async (name: string): Promise<readonly DataFile[]> => {
    // A file may be gone between listing and looking.
    const found = await stat(at(name)).catch(() => undefined);
    return found === undefined ? [] : [{ name, mode: found.mode & 0o777, bytes: found.size }];
  };
  return {
    folder,
    files: async () => (await Promise.all(['.', ...(await readdir(folder).catch(noneYet))].map(look))).flat(),
    space: async () => {
      const { bavail, blocks, bsize, ffree } = await statfs(await nearestThere(folder));
      return { freeBytes: bavail * bsize, totalBytes: blocks * bsize, freeFiles: ffree };
    },
    makePrivate: async (name) => {
      const before = (await stat(at(name))).mode & 0o777;
      await chmod(at(name), before & 0o700);
      return before;
    },
  };
}

/** A folder that the first start has yet to make holds nothing. */
function noneYet(error: NodeJS.ErrnoException): readonly string[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}

/** The folder itself, or the one above it in which it would be made. */
async function nearestThere(folder: string): Promise<string> {
  for (let at = path.resolve(folder); ; at = path.dirname(at))
    if (path.dirname(at) === at || (await stat(at).catch(() => undefined)) !== undefined) return at;
}
