import type { FastifyInstance } from 'fastify';

import { mountOperations, type FaceParts } from '../../../serving/mount-operations.ts';
import { GENERATION_DRESS } from '../present.ts';

/** What looks into a running gateway. */
export const debugRoutes = (app: FastifyInstance, parts: FaceParts): void =>
  mountOperations(app, parts, GENERATION_DRESS, '/v1/debug');
