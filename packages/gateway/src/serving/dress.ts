import { FAILURES, type Face, type Operation, type OperationFailure } from '@patchbay/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** How one interface looks: all that two of them do not do alike. */
export interface Dress {
  readonly face: Face;
  /** What every answer says besides. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Writes a failure in the interface's own shape; its headers have been written. */
  readonly sendFailure: (reply: FastifyReply, failure: OperationFailure) => FastifyReply;
  /** Members of a query or a body under the names that the operation's shapes have. Absent: callers write those. */
  readonly named?: (schema: NonNullable<Operation['body']>, value: unknown) => unknown;
}

/** Writes a failure, and in headers when to come back and how to sign in. */
export function sendFailure(dress: Dress, reply: FastifyReply, failure: OperationFailure): FastifyReply {
  const { retryAfterMs } = failure;
  if (retryAfterMs !== undefined) reply.header('retry-after', String(Math.max(1, Math.ceil(retryAfterMs / 1000))));
  if (FAILURES[failure.code].status === 401) reply.header('www-authenticate', challengeOf(reply.request));
  return dress.sendFailure(reply, failure);
}

/** RFC 6750: the error is named only to those who showed a credential. */
const challengeOf = ({ headers }: FastifyRequest): string =>
  headers.authorization === undefined ? 'Bearer realm="patchbay"' : 'Bearer realm="patchbay", error="invalid_token"';
