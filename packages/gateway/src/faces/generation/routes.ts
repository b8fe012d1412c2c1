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
  /** Counts the requests of each kind, by the last part of their path. */
  readonly limits: Readonly<Record<'outline' | 'slides' | 'images', Limiter>>;
}

/** Where this interface is; without the version for clients of the older kind. */
const PREFIXES = ['/v1/generate', '/generate'] as const;

/** Longest body taken, in bytes: a document of 20 MiB in base64, and the rest of its request. */
const BODY_BYTES_MAX = 28 * 1024 * 1024;

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
  const serving = { ...parts, operations: OWN, limit, bodyBytesMax: BODY_BYTES_MAX, serve: createServe(parts) };
  for (const prefix of PREFIXES) mountOperations(app, serving, GENERATION_DRESS, prefix);
}
