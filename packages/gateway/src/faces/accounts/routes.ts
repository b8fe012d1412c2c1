import type { FastifyInstance } from 'fastify';

import { mountOperations, type FaceParts } from '../../serving/mount-operations.ts';
import { ACCOUNTS_DRESS } from './present.ts';

/** Where this interface is: keys are also made beside the calls that they open. */
const PREFIXES = ['/api/v1', '/v1/api-keys'] as const;

/** Every operation of this face under its paths, with answers for other methods and unknown paths. */
export function accountRoutes(app: FastifyInstance, parts: FaceParts): void {
  for (const prefix of PREFIXES) mountOperations(app, parts, ACCOUNTS_DRESS, prefix);
}
