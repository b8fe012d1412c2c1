import type { Clock } from '@patchbay/llm/model/clock';
import { failed, invalidRequest, ok, type Failure, type Result } from '@patchbay/llm/model/failure';
import type { Exchange } from '@patchbay/llm/transport/exchange';

import type { BlobStore } from '../../blobs/blob-store.ts';
import { fetchDocument } from '../documents/fetch-document.ts';
import { inParallel } from '../in-parallel.ts';
import { readPicture, type Picture } from './read-picture.ts';

/** Where pictures are got from. */
export interface PictureSources {
  /** Pictures of this gateway. */
  readonly blobs: Pick<BlobStore, 'get' | 'url'>;
  /** The way to all others: guarded, since callers name the addresses. */
  readonly exchange: Exchange;
  readonly clock: Clock;
}

/** The pictures that one deck needs. */
export interface PicturesAsked {
  /** One for each slide. */
  readonly urls: readonly (string | undefined)[];
  /** Where the caller reached this gateway, without a slash at the end. */
  readonly origin: string;
}

/** Largest picture, in bytes. */
const PICTURE_BYTES_MAX = 10_000_000;
/** What pictures of one deck may have together, in bytes; those under way when it is used up may go beyond. */
const DECK_BYTES_MAX = 60_000_000;
const TIMEOUT_MS = 30_000;
const AT_ONCE = 4;

/** Gets pictures, in the order of their slides; `undefined` for slides without one. Failures are at their member. */
export async function getPictures(
  sources: PictureSources,
  { urls, origin }: PicturesAsked,
  signal: AbortSignal,
): Promise<readonly (Result<Picture> | undefined)[]> {
  let bytesLeft = DECK_BYTES_MAX;
  return inParallel(urls, AT_ONCE, async (url, at) => {
    if (url === undefined) return undefined;
    if (bytesLeft <= 0) return failed(TOO_LARGE_TOGETHER);
    const got = await bytesAt(sources, { url, origin }, signal);
    const picture = got.ok ? readPicture(got.value) : got;
    if (!picture.ok) return failed(concerning(at, picture.failure));
    bytesLeft -= picture.value.bytes.length;
    return picture;
  });
}

async function bytesAt(
  { blobs, exchange, clock }: PictureSources,
  { url, origin }: { readonly url: string; readonly origin: string },
  signal: AbortSignal,
): Promise<Result<Buffer>> {
  const name = url.slice(url.lastIndexOf('/') + 1);
  const own = blobs.url(name);
  if (url !== own && !(own.startsWith('/') && url === `${origin}${own}`)) {
    const bounds = { bytesMax: PICTURE_BYTES_MAX, timeoutMs: TIMEOUT_MS };
    const fetched = await fetchDocument(url, exchange, bounds, clock, signal);
    return fetched.ok ? ok(fetched.value.bytes) : fetched;
  }
  const kept = await blobs.get(name);
  if (!kept.ok) return kept;
  return kept.value === undefined ? failed(ABSENT) : ok(kept.value.bytes);
}

function concerning(at: number, failure: Failure): Failure {
  if (failure.kind === 'cancelled') return failure;
  const message = `The picture of slide ${at + 1} cannot be had. ${failure.message}`;
  return { ...failure, path: `slides.${at}.image_url`, message };
}

const ABSENT = invalidRequest('slides', 'There is no picture of this name here. Have it drawn again.');
const TOO_LARGE_TOGETHER: Failure = {
  kind: 'payload-too-large',
  path: 'slides',
  message: `The pictures of the deck are larger than ${DECK_BYTES_MAX / 1_000_000} MB together. Give smaller ones.`,
};
