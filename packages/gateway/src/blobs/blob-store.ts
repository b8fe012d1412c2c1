import { failed, invalidRequest, type Failure, type Result } from '@patchbay/llm/model/failure';
import type { UpstreamRequest } from '@patchbay/llm/transport/exchange';

/** A file that is kept. */
export interface Blob {
  readonly bytes: Buffer;
  readonly contentType: string;
}

/**
 * Where files are kept under names that whoever puts them chooses: letters, digits, `.`, `-` and `_`, with the ending
 * of their type. Any other name is an `invalid-request` failure. Names are never secrets: files are for everybody.
 */
export interface BlobStore {
  /** Keeps a file; one of that name is replaced. */
  put(name: string, bytes: Uint8Array): Promise<Result<void>>;
  /** The value is `undefined` where there is no such file. */
  get(name: string): Promise<Result<Blob | undefined>>;
  /** Fine also where there is no such file. */
  delete(name: string): Promise<Result<void>>;
  /** Where a file is read: an absolute address, or a path of this gateway. */
  url(name: string): string;
}

/** Sends one small request and takes its whole answer. */
export type AskStorage = (
  request: UpstreamRequest,
) => Promise<Result<{ readonly status: number; readonly body: Buffer }>>;

const TYPES = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
} as const;

/** Endings of the files that can be kept: pictures that no browser takes for a page. */
export type BlobEnding = keyof typeof TYPES;

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,150}\.(png|jpe?g|webp|gif)$/;

/** The type of a file by the ending of its name; `undefined` for names that no file can have. */
export function typeOfBlob(name: string): string | undefined {
  const ending = NAME.exec(name)?.[1];
  return ending === undefined || name.includes('..') ? undefined : TYPES[ending as BlobEnding];
}

/** What the first bytes of a picture say it is; `undefined` for anything else. */
export function pictureEnding(bytes: Uint8Array): BlobEnding | undefined {
  const start = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  if (start.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (start.startsWith('\xff\xd8\xff')) return 'jpg';
  if (/^RIFF....WEBP/s.test(start)) return 'webp';
  return /^GIF8[79]a/.test(start) ? 'gif' : undefined;
}

/** What is said of a name that no file can have. */
export const badName = (): { readonly ok: false; readonly failure: Failure } =>
  failed(
    invalidRequest(
      'name',
      'A file is named by letters, digits, `.`, `-` and `_`, and ends with .png, .jpg, .webp or .gif.',
    ),
  );

/** What is said of a store that refused; `remedy` says what to look at. */
export const storageFailure = (what: string, status: number, remedy: string): Failure => ({
  kind: status >= 500 ? 'upstream' : 'permission',
  message: `Storage error: ${what} answered with status ${status}. ${remedy}`,
  status,
});
