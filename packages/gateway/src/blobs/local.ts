import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import nodePath from 'node:path';

import { failed, ok, type Failure } from '@patchbay/llm/model/failure';

import { badName, type BlobStore, type FileKind } from './blob-store.ts';

/**
 * Keeps files of a kind in a folder, served by the gateway. The folder is made with the first file. A file is there whole or
 * not at all.
 */
export function localBlobs(folder: string, kind: FileKind): BlobStore {
  const placeOf = (name: string): string => nodePath.join(folder, name);
  return {
    async put(name, bytes) {
      if (kind.typeOf(name) === undefined) return badName(kind);
      const draft = placeOf(`.${name}.${randomUUID()}`);
      try {
        await mkdir(folder, { recursive: true });
        await writeFile(draft, bytes, { mode: 0o644 });
        await rename(draft, placeOf(name));
        return ok(undefined);
      } catch (error) {
        await rm(draft, { force: true }).catch(() => undefined);
        return failed(unusable(folder, error));
      }
    },
    async get(name) {
      const contentType = kind.typeOf(name);
      if (contentType === undefined) return badName(kind);
      try {
        return ok({ bytes: await readFile(placeOf(name)), contentType });
      } catch (error) {
        return codeOf(error) === 'ENOENT' ? ok(undefined) : failed(unusable(folder, error));
      }
    },
    async delete(name) {
      if (kind.typeOf(name) === undefined) return badName(kind);
      try {
        await rm(placeOf(name), { force: true });
        return ok(undefined);
      } catch (error) {
        return failed(unusable(folder, error));
      }
    },
    async names(start) {
      try {
        const found = await readdir(folder);
        return ok(found.filter((name) => name.startsWith(start) && kind.typeOf(name) !== undefined));
      } catch (error) {
        return codeOf(error) === 'ENOENT' ? ok([]) : failed(unusable(folder, error));
      }
    },
    url: (name) => `${kind.path}/${name}`,
  };
}

const codeOf = (error: unknown): string => (error as { code?: string }).code ?? 'unknown';

const unusable = (folder: string, error: unknown): Failure => ({
  kind: 'internal',
  message: `Storage error: the folder of files cannot be used (${codeOf(error)}). Let the user who runs the gateway write there, or set STATIC_DIR.`,
  detail: folder,
});
