import { GENERATION_OPERATIONS } from '@patchbay/contract/operations/generation';
import type { Operation } from '@patchbay/contract';
import type { FastifyInstance } from 'fastify';

import type { Limiter } from '../../serving/limits.ts';
import { mountOperations, type FaceParts } from '../../serving/mount-operations.ts';
import { pathOf } from '../../serving/send-json.ts';
import { GENERATION_DRESS } from './present.ts';
import { createServe, type GenerationServing } from './serve-generation.ts';

/** What the making of decks is served with. */
export interface GenerationFaceParts extends Omit<FaceParts, 'limit' | 'serve' | 'operations'>, GenerationServing {
  /** Largest document that may come along, in bytes. */
  readonly documentBytesMax: number;
  /** Counts the requests of each kind, by the last part of their path. */
  readonly limits: Readonly<Record<'outline' | 'slides' | 'images', Limiter>>;
}

/** Where this interface is; without the version for clients of the older kind. */
const PREFIXES = ['/v1/generate', '/generate'] as const;

/** What may stand in a body beside its document, in bytes. */
const BESIDE_BYTES_MAX = 2 * 1024 * 1024;
/** Four letters of base64 stand for three bytes. */
const inBase64 = (bytes: number): number => Math.ceil(bytes / 3) * 4;

const OWN: readonly Operation[] = Object.values<Operation>(GENERATION_OPERATIONS);

/** The making of outlines, slides, pictures and whole decks. */
export function generationRoutes(app: FastifyInstance, parts: GenerationFaceParts): void {
  const limit: Limiter = (request, reply) => {
    const kind =
      pathOf(request)
        .split('/')
        .findLast((each) => each !== '') ?? '';
    // Whoever may have so many decks written in a minute may have no more of them as files.
    const named = kind === 'deck' ? 'slides' : kind;
    const counted = Object.hasOwn(parts.limits, named) ? parts.limits[named as keyof typeof parts.limits] : undefined;
    return counted === undefined ? Promise.resolve(undefined) : counted(request, reply);
  };
  const bodyBytesMax = inBase64(parts.documentBytesMax) + BESIDE_BYTES_MAX;
  const serving = { ...parts, operations: OWN, limit, bodyBytesMax, serve: createServe(parts) };
  for (const prefix of PREFIXES) mountOperations(app, serving, GENERATION_DRESS, prefix);
}
