import { presentData } from '@patchbay/llm/backend/envelope';
import type { Clock } from '@patchbay/llm/model/clock';
import type { FastifyInstance } from 'fastify';

export interface OpsParts {
  readonly version: string;
  /** False while the process drains: load balancers look elsewhere. */
  readonly ready: () => boolean;
  /** Prometheus text of now. */
  readonly metrics: () => string;
  readonly clock: Clock;
}

/** Health, version and metrics: open, without secrets. */
export function opsRoutes(app: FastifyInstance, parts: OpsParts): void {
  app.get('/health', (_, reply) => {
    const ready = parts.ready();
    return reply
      .code(ready ? 200 : 503)
      .send({ status: ready ? 'ok' : 'draining', service: 'patchbay', version: parts.version });
  });
  app.get('/v1/health', () => ({ status: 'healthy', version: '1.0.0' }));
  // Enveloped for clients of kits; others read the version beside it.
  app.get('/version', ({ id: requestId }) => {
    const { version, clock } = parts;
    return { version, ...presentData({ version, api: 'v1' }, { requestId, nowMs: clock.nowMs() }) };
  });
  app.get('/metrics', (_, reply) => reply.type('text/plain; version=0.0.4; charset=utf-8').send(parts.metrics()));
}
