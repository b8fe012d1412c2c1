import type { FastifyInstance, FastifyReply } from 'fastify';

import type { BlobStore } from '../../blobs/blob-store.ts';
import { sendFailure } from '../../serving/dress.ts';
import { GENERATION_DRESS } from './present.ts';

/** Pictures are for everybody, never change, and run nothing wherever they are shown. */
const HEADERS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
  'cross-origin-resource-policy': 'cross-origin',
  'access-control-allow-origin': '*',
  'cache-control': 'public, max-age=31536000, immutable',
} as const;

/** Serves pictures below `path`, wherever they lie. */
export function staticImages(app: FastifyInstance, path: string, blobs: Pick<BlobStore, 'get'>): void {
  app.get<{ Params: { '*': string } }>(`${path}/*`, async (request, reply): Promise<FastifyReply> => {
    const found = await blobs.get(request.params['*']);
    if (found.ok && found.value !== undefined)
      return reply.headers(HEADERS).type(found.value.contentType).send(found.value.bytes);
    const isAbsent = found.ok || found.failure.kind === 'invalid-request';
    const message = isAbsent ? 'There is no such picture.' : found.failure.message;
    return sendFailure(GENERATION_DRESS, reply, { code: isAbsent ? 'NOT_FOUND' : 'EXTERNAL_SERVICE_ERROR', message });
  });
}
