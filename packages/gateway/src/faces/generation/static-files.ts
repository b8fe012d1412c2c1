import type { FastifyInstance, FastifyReply } from 'fastify';

import type { BlobStore } from '../../blobs/blob-store.ts';
import { sendFailure } from '../../serving/dress.ts';
import { dispositionOf } from '../../serving/serve-operation.ts';
import { GENERATION_DRESS } from './present.ts';

/** Files of one kind as they are served. */
interface Served {
  readonly headersOf: (name: string) => Readonly<Record<string, string>>;
  /** What is said where there is none. */
  readonly absent: string;
}

/** Nothing in a file runs, wherever it is shown. */
const INERT = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
} as const;

const PICTURE_HEADERS = {
  ...INERT,
  'cross-origin-resource-policy': 'cross-origin',
  'access-control-allow-origin': '*',
  'cache-control': 'public, max-age=31536000, immutable',
} as const;

const DECK_HEADERS = { ...INERT, 'cache-control': 'private, no-store', 'referrer-policy': 'no-referrer' } as const;

/** Serves pictures below `path`, wherever they lie: they are for everybody and never change. */
export const staticImages = (app: FastifyInstance, path: string, blobs: Pick<BlobStore, 'get'>): void =>
  serveFiles(app, path, blobs, { headersOf: () => PICTURE_HEADERS, absent: 'There is no such picture.' });

/** Serves decks below `path` as files to save: for whoever has the address, for a while, and kept by nobody in between. */
export const staticDecks = (app: FastifyInstance, path: string, decks: Pick<BlobStore, 'get'>): void =>
  serveFiles(app, path, decks, {
    headersOf: (name) => ({
      ...DECK_HEADERS,
      'content-disposition': dispositionOf(`deck${name.slice(name.lastIndexOf('.'))}`),
    }),
    absent: 'There is no such deck, or its time is over.',
  });

function serveFiles(
  app: FastifyInstance,
  path: string,
  blobs: Pick<BlobStore, 'get'>,
  { headersOf, absent }: Served,
): void {
  app.get<{ Params: { '*': string } }>(`${path}/*`, async (request, reply): Promise<FastifyReply> => {
    const name = request.params['*'];
    const found = await blobs.get(name);
    if (found.ok && found.value !== undefined)
      return reply.headers(headersOf(name)).type(found.value.contentType).send(found.value.bytes);
    const isAbsent = found.ok || found.failure.kind === 'invalid-request';
    const message = isAbsent ? absent : found.failure.message;
    return sendFailure(GENERATION_DRESS, reply, { code: isAbsent ? 'NOT_FOUND' : 'EXTERNAL_SERVICE_ERROR', message });
  });
}
