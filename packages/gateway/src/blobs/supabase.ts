import type { Secret } from '@patchbay/llm/credentials/secret';
import type { ApiKeyCredential } from '@patchbay/llm/credentials/credential';
import { sign } from '@patchbay/llm/credentials/signers/sign';
import { failed, ok } from '@patchbay/llm/model/failure';
import { isObject, parseJson } from '@patchbay/llm/wire/read';

import { badName, storageFailure, type AskStorage, type BlobStore, type FileKind } from './blob-store.ts';

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
export function supabaseBlobs({ url, key, bucket }: SupabasePlace, kind: FileKind, ask: AskStorage): BlobStore {
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
      const type = kind.typeOf(name);
      if (type === undefined) return badName(kind);
      const headers = { ...shown, 'content-type': type, 'x-upsert': 'true', 'cache-control': `max-age=${kind.cacheS}` };
      const answer = await ask({ method: 'POST', url: at(name), headers, body: bytes });
      if (!answer.ok) return answer;
      return isFine(answer.value.status)
        ? ok(undefined)
        : failed(storageFailure('Supabase', answer.value.status, REMEDY));
    },
    async get(name) {
      const contentType = kind.typeOf(name);
      if (contentType === undefined) return badName(kind);
      const answer = await ask({ method: 'GET', url: at(name), headers: shown });
      if (!answer.ok) return answer;
      const { status, body } = answer.value;
      if (isFine(status)) return ok({ bytes: body, contentType });
      return isMissing(status, body) ? ok(undefined) : failed(storageFailure('Supabase', status, REMEDY));
    },
    async delete(name) {
      if (kind.typeOf(name) === undefined) return badName(kind);
      const answer = await ask({ method: 'DELETE', url: at(name), headers: shown });
      if (!answer.ok) return answer;
      const { status, body } = answer.value;
      return isFine(status) || isMissing(status, body)
        ? ok(undefined)
        : failed(storageFailure('Supabase', status, REMEDY));
    },
    async names(start) {
      const body = JSON.stringify({ prefix: '', search: start, limit: LISTED_MOST });
      const headers = { ...shown, 'content-type': 'application/json' };
      const answer = await ask({
        method: 'POST',
        url: `${base}/list/${encodeURIComponent(bucket)}`,
        headers,
        body,
      });
      if (!answer.ok) return answer;
      const { status, body: said } = answer.value;
      if (!isFine(status)) return failed(storageFailure('Supabase', status, REMEDY));
      const listed = parseJson(said.toString());
      const names = Array.isArray(listed) ? listed.flatMap((each) => (isObject(each) ? [each['name']] : [])) : [];
      return ok(names.filter((name) => typeof name === 'string').filter((name) => kind.typeOf(name) !== undefined));
    },
    url: (name) => `${base}/public/${encodeURIComponent(bucket)}/${name}`,
  };
}

/** Files that are named in one answer. */
const LISTED_MOST = 1000;

const isFine = (status: number): boolean => status >= 200 && status < 300;

/** A file that is not there is told by 404, or by 400 with that number in its body. */
const isMissing = (status: number, body: Buffer): boolean =>
  status === 404 || (status === 400 && /"statusCode"\s*:\s*"?404/.test(body.toString()));
