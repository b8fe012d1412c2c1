import type { FastifyInstance } from 'fastify';

import { mountOperations, type FaceParts } from '../../serving/mount-operations.ts';
import { kitDress } from './present.ts';

/** Where this interface is: between the paths of others. */
const VIEWS = ['/status', '/api/providers', '/api/metrics', '/api/oauth'] as const;
const CALLS = '/api/generate';

/** Every operation of this face under its paths, with answers for other methods and unknown paths. */
export function kitRoutes(app: FastifyInstance, parts: FaceParts): void {
  const dress = kitDress(parts.clock);
  for (const prefix of VIEWS) mountOperations(app, parts, dress, prefix);
  // How often models may be called is told where all calls are counted.
  mountOperations(app, { ...parts, limit: () => Promise.resolve(undefined) }, dress, CALLS);
}
