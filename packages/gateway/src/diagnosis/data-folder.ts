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
  /** The folder and what lies directly in it. */
  files(): Promise<readonly DataFile[]>;
  /** Room on its file system, in bytes, for users who are not root. */
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
    files: async () => (await Promise.all(['.', ...(await readdir(folder))].map(look))).flat(),
    space: async () => {
      const { bavail, blocks, bsize, ffree } = await statfs(folder);
      return { freeBytes: bavail * bsize, totalBytes: blocks * bsize, freeFiles: ffree };
    },
    makePrivate: async (name) => {
      const before = (await stat(at(name))).mode & 0o777;
      await chmod(at(name), before & 0o700);
      return before;
    },
  };
}
