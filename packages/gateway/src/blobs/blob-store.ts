import { failed, invalidRequest, type Failure, type Result } from '@patchbay/llm/model/failure';
import type { UpstreamRequest } from '@patchbay/llm/transport/exchange';

/** A file that is kept. */
export interface Blob {
  readonly bytes: Buffer;
  readonly contentType: string;
}

/**
 * Where files of one kind are kept under names that whoever puts them chooses. A name that no such file has is an
 * `invalid-request` failure. Whoever has the address of a file can read it.
 */
export interface BlobStore {
  /** Keeps a file; one of that name is replaced. */
  put(name: string, bytes: Uint8Array): Promise<Result<void>>;
  /** The value is `undefined` where there is no such file. */
  get(name: string): Promise<Result<Blob | undefined>>;
  /** Fine also where there is no such file. */
  delete(name: string): Promise<Result<void>>;
  /** Names that begin so, of files of this kind; of very many not all at once. */
  names(start: string): Promise<Result<readonly string[]>>;
  /** Where a file is read: an absolute address, or a path of this gateway. */
  url(name: string): string;
}

/** Sends one small request and takes its whole answer. */
export type AskStorage = (
  request: UpstreamRequest,
) => Promise<Result<{ readonly status: number; readonly body: Buffer }>>;

/** What files of one kind are called and where they lie. */
export interface FileKind {
  /** Folder of its own, where files lie in folders. */
  readonly folder: string;
  /** Path below which the gateway serves those that lie with it. */
  readonly path: string;
  /** The type of a file by its name; `undefined` for names that no such file can have. */
  readonly typeOf: (name: string) => string | undefined;
  /** How long whoever got a file may keep it, in seconds. */
  readonly cacheS: number;
  /** How names are, for whoever gave another one. */
  readonly wanted: string;
}

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

/** Pictures of slides: letters, digits, `.`, `-` and `_`, with the ending of their type. Their names are no secrets. */
export const PICTURES: FileKind = {
  folder: 'images',
  path: '/static/images',
  typeOf: (name) => {
    const ending = NAME.exec(name)?.[1];
    return ending === undefined || name.includes('..') ? undefined : TYPES[ending as BlobEnding];
  },
  cacheS: 31_536_000,
  wanted: 'A file is named by letters, digits, `.`, `-` and `_`, and ends with .png, .jpg, .webp or .gif.',
};

/** What the first bytes of a picture say it is; `undefined` for anything else. */
export function pictureEnding(bytes: Uint8Array): BlobEnding | undefined {
  const start = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  if (start.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (start.startsWith('\xff\xd8\xff')) return 'jpg';
  if (/^RIFF....WEBP/s.test(start)) return 'webp';
  return /^GIF8[79]a/.test(start) ? 'gif' : undefined;
}

/** What is said of a name that no file of a kind can have. */
export const badName = ({ wanted }: FileKind): { readonly ok: false; readonly failure: Failure } =>
  failed(invalidRequest('name', wanted));

/** What is said of a store that refused; `remedy` says what to look at. */
export const storageFailure = (what: string, status: number, remedy: string): Failure => ({
  kind: status >= 500 ? 'upstream' : 'permission',
  message: `Storage error: ${what} answered with status ${status}. ${remedy}`,
  status,
});
