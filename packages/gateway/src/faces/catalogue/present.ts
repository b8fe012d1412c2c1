import { FAILURES, type OperationFailure } from '@patchbay/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Writes failures as this interface shows them. */
export function sendFailure(reply: FastifyReply, failure: OperationFailure, nowMs: number): FastifyReply {
  const { request } = reply;
  const { retryAfterMs, ...error } = failure;
  if (retryAfterMs !== undefined) reply.header('retry-after', String(Math.max(1, Math.ceil(retryAfterMs / 1000))));
  if (FAILURES[failure.code].status === 401) reply.header('www-authenticate', challengeOf(request));
  return sendJson(reply, FAILURES[failure.code].status, {
    error: { ...error, code: failure.code, message: failure.message },
    timestamp: new Date(nowMs).toISOString(),
    requestId: request.id,
    path: pathOf(request),
  });
}

/** Writes JSON, with its charset said. */
export const sendJson = (reply: FastifyReply, status: number, value: unknown): FastifyReply =>
  reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(value));

/** RFC 6750: the error is named only to those who showed a credential. */
const challengeOf = ({ headers }: FastifyRequest): string =>
  headers.authorization === undefined ? 'Bearer realm="patchbay"' : 'Bearer realm="patchbay", error="invalid_token"';

const PATH_CHARACTERS_MAX = 500;

/** Without the query, which may hold secrets. */
export const pathOf = ({ url }: FastifyRequest): string => (url.split('?')[0] ?? '').slice(0, PATH_CHARACTERS_MAX);
