import { ok } from '@patchbay/llm/model/failure';

import { badName, typeOfBlob, type Blob, type BlobStore } from './blob-store.ts';

/** Keeps files in this process, at addresses below `path`. For tests, and for gateways that may not write anywhere. */
export function memoryBlobs(path: string): BlobStore {
  const kept = new Map<string, Blob>();
  return {
    put(name, bytes) {
      const contentType = typeOfBlob(name);
      if (contentType === undefined) return Promise.resolve(badName());
      kept.set(name, { bytes: Buffer.from(bytes), contentType });
      return Promise.resolve(ok(undefined));
    },
    get: (name) => Promise.resolve(typeOfBlob(name) === undefined ? badName() : ok(kept.get(name))),
    delete(name) {
      if (typeOfBlob(name) === undefined) return Promise.resolve(badName());
      kept.delete(name);
      return Promise.resolve(ok(undefined));
    },
    url: (name) => `${path}/${name}`,
  };
}
