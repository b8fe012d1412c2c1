import type { Operation, OperationId } from '@patchbay/contract';
import type { Clock } from '@patchbay/llm/model/clock';
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';

import type { Authenticator } from '../../identity/authenticator.ts';
import type { Principal } from '../../identity/principal.ts';
import type { Handlers } from '../../operations/handler.ts';
import { admit } from './admission.ts';
import { allowOf, sendOptions, writeBrowserHeaders } from './cross-origin.ts';
import type { Limiter } from './limits.ts';
import { notFound } from './not-found.ts';
import { createPathTable, type PathEntry } from './path-table.ts';
import { pathOf, sendFailure } from './present.ts';
import { failureOfError, serveOperation, type AnyHandler, type ServingParts } from './serve-operation.ts';

export interface CatalogueParts extends ServingParts {
  /** All operations; this interface serves those of its own face. */
  readonly operations: readonly Operation[];
  readonly handlers: Partial<Handlers>;
  readonly authenticator: Authenticator;
  readonly limit: Limiter;
  readonly corsOrigins: readonly string[];
}

/** Longest body taken, in bytes: an import is that long. */
const BODY_BYTES_MAX = 10 * 1024 * 1024;
const PREFIX = '/api';

/** Operations with their handlers; throws the names of those that nothing handles. */
export function served({ operations, handlers }: Pick<CatalogueParts, 'operations' | 'handlers'>): readonly Served[] {
  const own = operations.filter(({ face }) => face === 'catalogue');
  const missing = own.filter(({ id }) => handlers[id as OperationId] === undefined);
  if (missing.length > 0) throw new Error(`No handler for ${missing.map(({ id }) => id).join(', ')}.`);
  // What a handler is asked was read by its own operation's shapes.
  return own.map((operation) => ({
    operation,
    handler: handlers[operation.id as OperationId] as unknown as AnyHandler,
  }));
}

interface Served {
  readonly operation: Operation;
  readonly handler: AnyHandler;
}

/** Every operation of this face under its paths, with answers for other methods and unknown paths. */
export function catalogueRoutes(app: FastifyInstance, parts: CatalogueParts): void {
  const routes = served(parts).flatMap((each) =>
    [each.operation.path, ...(each.operation.aliases ?? [])].map((path) => ({ path, ...each })),
  );
  const entries = [...Map.groupBy(routes, ({ path }) => path)].map(([path, here]) => ({
    path,
    methods: here.map(({ operation }) => operation.method),
  }));
  void app.register(
    (scope, _, done) => {
      scope.addHook('onRequest', async (request, reply) => {
        writeBrowserHeaders(request, reply, parts.corsOrigins);
        if (request.method === 'OPTIONS') return undefined;
        const tooMany = await parts.limit(request, reply);
        return tooMany === undefined ? undefined : sendFailure(reply, tooMany, parts.clock.nowMs());
      });
      scope.setErrorHandler((error, request, reply) => {
        const failure = failureOfError(parts, error, request.id);
        // A body that was not read to its end would be taken for the next request.
        if (failure.code === 'PAYLOAD_TOO_LARGE') reply.header('connection', 'close');
        return sendFailure(reply, failure, parts.clock.nowMs());
      });
      mountOthers(scope, parts.clock, entries);
      const principals = new WeakMap<FastifyRequest, Principal | undefined>();
      for (const route of routes) mountOperation(scope, { parts, principals }, route);
      done();
    },
    { prefix: PREFIX },
  );
}

interface Mounting {
  readonly parts: CatalogueParts;
  readonly principals: WeakMap<FastifyRequest, Principal | undefined>;
}

/** What is no operation: other methods of their paths, `OPTIONS`, and paths that there are not. */
function mountOthers(scope: FastifyInstance, clock: Clock, entries: readonly PathEntry[]): void {
  const table = createPathTable(entries);
  const known = entries.map(({ path }) => path);
  const refuse = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const entry = table.find(pathOf(request));
    if (entry === undefined) return sendFailure(reply, notFound(request.method, pathOf(request), known), clock.nowMs());
    const { path, methods } = entry;
    if (request.method === 'OPTIONS') return sendOptions(reply, methods);
    const message = `${path} takes ${methods.join(', ')}, not ${request.method}.`;
    reply.header('allow', allowOf(methods));
    return sendFailure(reply, { code: 'METHOD_NOT_ALLOWED', message }, clock.nowMs());
  };
  scope.setNotFoundHandler(refuse);
  for (const entry of entries) {
    const method = table.shadowed(entry) as HTTPMethods[];
    if (method.length > 0) scope.route({ method, url: urlOf(entry.path), handler: refuse });
  }
}

/** A path as the router within our prefix writes it. */
const urlOf = (path: string): string => path.slice(PREFIX.length).replaceAll(/\{(\w+)\}/g, ':$1');

function mountOperation(
  scope: FastifyInstance,
  { parts, principals }: Mounting,
  { path, ...each }: Served & { readonly path: string },
): void {
  scope.route({
    method: each.operation.method,
    url: urlOf(path),
    bodyLimit: BODY_BYTES_MAX,
    // Before the body is read: strangers cannot make us hold one.
    onRequest: async (request, reply) => {
      const admission = await admit(parts.authenticator, each.operation, request);
      if (!admission.ok) return sendFailure(reply, admission.failure, parts.clock.nowMs());
      principals.set(request, admission.principal);
      return undefined;
    },
    handler: (request, reply) => serveOperation(parts, each, { request, reply, principal: principals.get(request) }),
  });
}
