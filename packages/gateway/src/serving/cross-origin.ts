import type { FastifyReply, FastifyRequest } from 'fastify';

/** What every answer of this interface says to browsers: show it nowhere, keep it nowhere. */
const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
} as const;

const EXPOSED = [
  'x-request-id',
  'retry-after',
  'content-disposition',
  'x-ratelimit-limit',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
  'x-rate-limit-limit',
  'x-rate-limit-remaining',
  'x-rate-limit-reset',
  'x-patchbay-cache',
  'x-trace-id',
  'x-trace-steps',
].join(', ');

const ALLOWED = [
  'authorization',
  'content-type',
  'x-api-key',
  'x-access-key',
  'x-request-id',
  'x-trace-enabled',
  'mcp-protocol-version',
].join(', ');

/** Writes the headers for browsers; pages of the listed origins may read the answer. */
export function writeBrowserHeaders(request: FastifyRequest, reply: FastifyReply, origins: readonly string[]): void {
  reply.headers(SECURITY_HEADERS);
  if (origins.length === 0) return;
  reply.header('vary', 'Origin');
  const { origin } = request.headers;
  if (origin === undefined || !origins.includes(origin)) return;
  reply.headers({ 'access-control-allow-origin': origin, 'access-control-expose-headers': EXPOSED });
}

/** Answers what may be asked of a path, also to a browser that asks on behalf of a page. */
export function sendOptions(reply: FastifyReply, methods: readonly string[]): FastifyReply {
  const allow = allowOf(methods);
  if (reply.hasHeader('access-control-allow-origin'))
    reply.headers({
      'access-control-allow-methods': allow,
      'access-control-allow-headers': ALLOWED,
      'access-control-max-age': '600',
    });
  return reply.code(204).header('allow', allow).send();
}

/** Every method of a path, as the header `Allow` lists them. */
export const allowOf = (methods: readonly string[]): string =>
  [...new Set([...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'])].join(', ');
