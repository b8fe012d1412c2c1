import type { Secret } from '@patchbay/llm/credentials/secret';
import type { ApiKeyCredential } from '@patchbay/llm/credentials/credential';
import { sign } from '@patchbay/llm/credentials/signers/sign';
import { failed, ok } from '@patchbay/llm/model/failure';

import { badName, storageFailure, typeOfBlob, type AskStorage, type BlobStore } from './blob-store.ts';

/** A bucket of Supabase Storage. */
export interface SupabasePlace {
  /** Of the project, without a trailing slash. */
  readonly url: string;
  readonly key: Secret;
  /** Public, so that whoever has an address can read it. */
  readonly bucket: string;
}

const REMEDY = 'Check SUPABASE_URL, SUPABASE_SERVICE_KEY and that the bucket of SUPABASE_STORAGE_BUCKET exists.';

/** Keeps files in a bucket of Supabase Storage, by its REST interface. */
export function supabaseBlobs({ url, key, bucket }: SupabasePlace, ask: AskStorage): BlobStore {
  const account: ApiKeyCredential = { kind: 'api-key', id: 'supabase', key };
  // Keys of the older kind are tokens and go into the first header, those of the newer kind into the second.
  const shown = {
    ...sign({ kind: 'bearer', env: 'SUPABASE_SERVICE_KEY' }, account),
    ...sign({ kind: 'header', header: 'apikey', env: 'SUPABASE_SERVICE_KEY' }, account),
  };
  const base = `${url}/storage/v1/object`;
  const at = (name: string): string => `${base}/${encodeURIComponent(bucket)}/${name}`;
  return {
    async put(name, bytes) {
      const type = typeOfBlob(name);
      if (type === undefined) return badName();
      const headers = { ...shown, 'content-type': type, 'x-upsert': 'true', 'cache-control': 'max-age=31536000' };
      const answer = await ask({ method: 'POST', url: at(name), headers, body: bytes });
      if (!answer.ok) return answer;
      return isFine(answer.value.status)
        ? ok(undefined)
        : failed(storageFailure('Supabase', answer.value.status, REMEDY));
    },
    async get(name) {
      const contentType = typeOfBlob(name);
      if (contentType === undefined) return badName();
      const answer = await ask({ method: 'GET', url: at(name), headers: shown });
      if (!answer.ok) return answer;
      const { status, body } = answer.value;
      if (isFine(status)) return ok({ bytes: body, contentType });
      return isMissing(status, body) ? ok(undefined) : failed(storageFailure('Supabase', status, REMEDY));
    },
    async delete(name) {
      if (typeOfBlob(name) === undefined) return badName();
      const answer = await ask({ method: 'DELETE', url: at(name), headers: shown });
      if (!answer.ok) return answer;
      const { status, body } = answer.value;
      return isFine(status) || isMissing(status, body)
        ? ok(undefined)
        : failed(storageFailure('Supabase', status, REMEDY));
    },
    url: (name) => `${base}/public/${encodeURIComponent(bucket)}/${name}`,
  };
}

const isFine = (status: number): boolean => status >= 200 && status < 300;

/** A file that is not there is told by 404, or by 400 with that number in its body. */
const isMissing = (status: number, body: Buffer): boolean =>
  status === 404 || (status === 400 && /"statusCode"\s*:\s*"?404/.test(body.toString()));
