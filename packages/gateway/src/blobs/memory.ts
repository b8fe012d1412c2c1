import { ok } from '@patchbay/llm/model/failure';

import { badName, type Blob, type BlobStore, type FileKind } from './blob-store.ts';

/** Keeps files in this process, served by the gateway. For tests, and for gateways that may not write anywhere. */
export function memoryBlobs(kind: FileKind): BlobStore {
  const kept = new Map<string, Blob>();
  return {
    put(name, bytes) {
      const contentType = kind.typeOf(name);
      if (contentType === undefined) return Promise.resolve(badName(kind));
      kept.set(name, { bytes: Buffer.from(bytes), contentType });
      return Promise.resolve(ok(undefined));
    },
    get: (name) => Promise.resolve(kind.typeOf(name) === undefined ? badName(kind) : ok(kept.get(name))),
    delete(name) {
      if (kind.typeOf(name) === undefined) return Promise.resolve(badName(kind));
      kept.delete(name);
      return Promise.resolve(ok(undefined));
    },
    names: (start) => Promise.resolve(ok([...kept.keys()].filter((name) => name.startsWith(start)))),
    url: (name) => `${kind.path}/${name}`,
  };
}
