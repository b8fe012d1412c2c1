import { createHash } from 'node:crypto';

import type { AwsCredential } from '@patchbay/llm/credentials/credential';
import type { Secret } from '@patchbay/llm/credentials/secret';
import { signSigV4 } from '@patchbay/llm/credentials/signers/sigv4';
import type { Clock } from '@patchbay/llm/model/clock';
import { failed, ok, type Result } from '@patchbay/llm/model/failure';
import type { UpstreamRequest } from '@patchbay/llm/transport/exchange';

import { badName, storageFailure, type AskStorage, type BlobStore, type FileKind } from './blob-store.ts';

/** A bucket of a server that speaks S3. */
export interface S3Place {
  /** Without a trailing slash. The bucket is a part of the path there, which every such server takes. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
  /** Where files are read, without a trailing slash. Default: where they are written. */
  readonly publicUrl?: string;
}

const REMEDY = 'Check S3_ENDPOINT, S3_REGION, S3_BUCKET and the account of S3_ACCESS_KEY_ID.';

/** What a bucket is reached with. */
export interface S3Parts {
  readonly ask: AskStorage;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/** Keeps files in a bucket of S3; every request is signed with its body. Who may read them is the bucket’s policy. */
export function s3Blobs(place: S3Place, kind: FileKind, { ask, clock }: S3Parts): BlobStore {
  const { endpoint, bucket, region, accessKeyId, secretAccessKey } = place;
  const account: AwsCredential = { kind: 'aws', id: 's3', accessKeyId, secretAccessKey, region };
  const base = `${endpoint}/${encodeURIComponent(bucket)}`;
  const send = async (method: string, name: string, type?: string, body?: Uint8Array) => {
    const hash = createHash('sha256')
      .update(body ?? '')
      .digest('hex');
    const headers = { 'x-amz-content-sha256': hash, ...(type !== undefined && { 'content-type': type }) };
    const url = name.startsWith('?') ? base + name : `${base}/${name}`;
    const request: UpstreamRequest = { method, url, headers, ...(body !== undefined && { body }) };
    const signed = await signSigV4(request, account, { service: 's3', nowMs: clock.nowMs() });
    return ask({ ...request, headers: { ...headers, ...signed } });
  };
  const done = (answer: Awaited<ReturnType<typeof send>>): Result<void> => {
    if (!answer.ok) return answer;
    const { status } = answer.value;
    return isFine(status) || status === 404 ? ok(undefined) : failed(storageFailure('S3', status, REMEDY));
  };
  return {
    async put(name, bytes) {
      const type = kind.typeOf(name);
      if (type === undefined) return badName(kind);
      const answer = await send('PUT', name, type, bytes);
      // There is no bucket.
      if (answer.ok && answer.value.status === 404) return failed(storageFailure('S3', 404, REMEDY));
      return done(answer);
    },
    async get(name) {
      const contentType = kind.typeOf(name);
      if (contentType === undefined) return badName(kind);
      const answer = await send('GET', name);
      if (!answer.ok) return answer;
      const { status, body } = answer.value;
      if (isFine(status)) return ok({ bytes: body, contentType });
      return status === 404 ? ok(undefined) : failed(storageFailure('S3', status, REMEDY));
    },
    delete: async (name) => (kind.typeOf(name) === undefined ? badName(kind) : done(await send('DELETE', name))),
    async names(start) {
      const answer = await send('GET', `?list-type=2&prefix=${encodeURIComponent(start)}`);
      if (!answer.ok) return answer;
      const { status, body } = answer.value;
      if (!isFine(status)) return failed(storageFailure('S3', status, REMEDY));
      const keys = [...body.toString().matchAll(/<Key>([^<&]+)<\/Key>/g)].map(([, key = '']) => key);
      return ok(keys.filter((key) => kind.typeOf(key) !== undefined));
    },
    url: (name) => `${place.publicUrl ?? base}/${name}`,
  };
}

const isFine = (status: number): boolean => status >= 200 && status < 300;
