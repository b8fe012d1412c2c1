import type { Operation, OperationFailure, OperationId } from '@patchbay/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';

import type { Authenticator } from '../identity/authenticator.ts';
import type { Principal } from '../identity/principal.ts';
import type { Handlers } from '../operations/handler.ts';
import { admit } from './admission.ts';
import { allowOf, sendOptions, writeBrowserHeaders } from './cross-origin.ts';
import { sendFailure, type Dress } from './dress.ts';
import type { Limiter } from './limits.ts';
import { notFound } from './not-found.ts';
import { createPathTable, type PathEntry } from './path-table.ts';
import { pathOf } from './send-json.ts';
import {
  failureOfError,
  serveOperation,
  type AnyHandler,
  type Performed,
  type PerformingParts,
  type ServingParts,
} from './serve-operation.ts';

/** What an interface is served with. */
export interface FaceParts extends PerformingParts {
  /** All operations; an interface serves those of its own face. */
  readonly operations: readonly Operation[];
  readonly handlers: Partial<Handlers>;
  readonly authenticator: Authenticator;
  readonly limit: Limiter;
  readonly corsOrigins: readonly string[];
  /** Longest body taken, in bytes. Default 10 MiB. */
  readonly bodyBytesMax?: number;
  /** Has an admitted request done and answers it. Default: asked in JSON and answered in one piece. */
  readonly serve?: typeof serveOperation;
}

/** Longest body taken, in bytes: an import is that long. */
export const BODY_BYTES_MAX = 10 * 1024 * 1024;

/** Operations with their handlers; throws the names of those that nothing handles. */
export function served(
  { operations, handlers }: Pick<FaceParts, 'operations' | 'handlers'>,
  face: Operation['face'],
): readonly Performed[] {
  const own = operations.filter((each) => each.face === face);
  const missing = own.filter(({ id }) => handlers[id as OperationId] === undefined);
  if (missing.length > 0) throw new Error(`No handler for ${missing.map(({ id }) => id).join(', ')}.`);
  // What a handler is asked was read by its own operation's shapes.
  return own.map((operation) => ({
    operation,
    handler: handlers[operation.id as OperationId] as unknown as AnyHandler,
  }));
}

type Route = Performed & { readonly path: string };

/**
 * Every operation of a face under those of its paths that begin with `prefix`, with answers for other methods and unknown
 * paths there.
 */
export function mountOperations(app: FastifyInstance, given: FaceParts, dress: Dress, prefix: string): void {
  const parts = { ...given, dress };
  const routes = served(parts, dress.face).flatMap((each) =>
    [each.operation.path, ...(each.operation.aliases ?? [])]
      .filter((path) => path.startsWith(prefix))
      .map((path) => ({ path, ...each })),
  );
  const entries = [...Map.groupBy(routes, ({ path }) => path)].map(([path, here]) => ({
    path,
    methods: here.map(({ operation }) => operation.method),
  }));
  void app.register(
    (scope, _, done) => {
      scope.addHook('onRequest', async (request, reply) => {
        writeBrowserHeaders(request, reply, parts.corsOrigins);
        if (dress.headers !== undefined) reply.headers(dress.headers);
        if (request.method === 'OPTIONS') return undefined;
        const tooMany = await parts.limit(request, reply);
        return tooMany === undefined ? undefined : sendFailure(dress, reply, tooMany);
      });
      scope.setErrorHandler((error, request, reply) => {
        const failure = failureOfError(parts, error, request.id);
        // A body that was not read to its end would be taken for the next request.
        if (failure.code === 'PAYLOAD_TOO_LARGE') reply.header('connection', 'close');
        return sendFailure(dress, reply, failure);
      });
      const urlOf = (path: string): string => path.slice(prefix.length).replaceAll(/\{(\w+)\}/g, ':$1');
      mountOthers(scope, dress, entries, urlOf);
      const principals = new WeakMap<FastifyRequest, Principal | undefined>();
      for (const route of routes) mountOperation(scope, { parts, principals, url: urlOf(route.path) }, route);
      done();
    },
    { prefix },
  );
}

/** What is no operation: other methods of their paths, `OPTIONS`, and paths that there are not. */
function mountOthers(
  scope: FastifyInstance,
  dress: Dress,
  entries: readonly PathEntry[],
  urlOf: (path: string) => string,
): void {
  const table = createPathTable(entries);
  const known = entries.map(({ path }) => path);
  const refuse = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const entry = table.find(pathOf(request));
    if (entry === undefined) return sendFailure(dress, reply, notFound(request.method, pathOf(request), known));
    const { path, methods } = entry;
    if (request.method === 'OPTIONS') return sendOptions(reply, methods);
    reply.header('allow', allowOf(methods));
    return sendFailure(dress, reply, wrongMethod(path, methods, request.method));
  };
  scope.setNotFoundHandler(refuse);
  for (const entry of entries) {
    const method = table.shadowed(entry) as HTTPMethods[];
    if (method.length > 0) scope.route({ method, url: urlOf(entry.path), handler: refuse });
  }
}

const wrongMethod = (path: string, methods: readonly string[], method: string): OperationFailure => ({
  code: 'METHOD_NOT_ALLOWED',
  message: `${path} takes ${methods.join(', ')}, not ${method}.`,
});

interface Mounting {
  readonly parts: FaceParts & ServingParts;
  readonly principals: WeakMap<FastifyRequest, Principal | undefined>;
  readonly url: string;
}

function mountOperation(scope: FastifyInstance, { parts, principals, url }: Mounting, each: Route): void {
  scope.route({
    method: each.operation.method,
    url,
    bodyLimit: parts.bodyBytesMax ?? BODY_BYTES_MAX,
    // Before the body is read: strangers cannot make us hold one.
    onRequest: async (request, reply) => {
      const admission = await admit(parts.authenticator, each.operation, request);
      if (!admission.ok) {
        const { failure, why, detail } = admission;
        parts.onRefused?.({ why, operation: each.operation.id, detail });
        return sendFailure(parts.dress, reply, failure);
      }
      principals.set(request, admission.principal);
      return undefined;
    },
    handler: (request, reply) =>
      (parts.serve ?? serveOperation)(parts, each, { request, reply, principal: principals.get(request) }),
  });
}
