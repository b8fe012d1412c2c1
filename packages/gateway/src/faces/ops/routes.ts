import type { FastifyInstance } from 'fastify';

export interface OpsParts {
  readonly version: string;
  /** False while the process drains: load balancers look elsewhere. */
  readonly ready: () => boolean;
  /** Prometheus text of now. */
  readonly metrics: () => string;
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
  app.get('/version', () => ({ version: parts.version }));
  app.get('/metrics', (_, reply) => reply.type('text/plain; version=0.0.4; charset=utf-8').send(parts.metrics()));
}
