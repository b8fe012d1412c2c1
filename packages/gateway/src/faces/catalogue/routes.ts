import type { FastifyInstance } from 'fastify';

import { mountOperations, type FaceParts } from '../../serving/mount-operations.ts';
import { catalogueDress } from './present.ts';

/** Every operation of this face under its paths, with answers for other methods and unknown paths. */
export const catalogueRoutes = (app: FastifyInstance, parts: FaceParts): void =>
  mountOperations(app, parts, catalogueDress(parts.clock), '/api');
