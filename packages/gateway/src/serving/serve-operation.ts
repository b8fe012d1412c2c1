import { Readable } from 'node:stream';

import { successStatus, type Operation, type OperationFailure } from '@patchbay/contract';
import type { Clock } from '@patchbay/llm/model/clock';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { PasswordsBusy } from '../identity/passwords.ts';
import type { Principal } from '../identity/principal.ts';
import { setCookieOf } from '../identity/session-cookie.ts';
import type { Answer, Circumstances } from '../operations/handler.ts';
import { auditEntries, type AuditLog } from './audit.ts';
import { sendFailure, type Dress } from './dress.ts';
import { readRequest, type AskedParts } from './read-request.ts';
import { sendJson } from './send-json.ts';

/** A handler, whichever operation it is for. */
export type AnyHandler = (asked: AskedParts, circumstances: Circumstances) => Promise<Answer<unknown>>;

/** What an operation is done with, whatever its interface looks like. */
export interface PerformingParts {
  readonly audit: AuditLog;
  readonly clock: Clock;
  /** True for errors that say that the store does not answer. */
  readonly isUnavailable: (error: unknown) => boolean;
  readonly onError: (error: unknown, requestId: string) => void;
  /** Told of each request that was refused for what it is or who sent it. Default: nobody is. */
  readonly onRefused?: (refused: Refused) => void;
}

/** A refused request, without anything that its sender chose. */
export interface Refused {
  readonly why: string;
  /** Id of the operation. */
  readonly operation: string;
  readonly detail: string;
}

export interface ServingParts extends PerformingParts {
  readonly dress: Dress;
}

/** An operation and what carries it out. */
export interface Performed {
  readonly operation: Operation;
  readonly handler: AnyHandler;
}

/** Has one admitted request done and answers it. */
export async function serveOperation(
  parts: ServingParts,
  performed: Performed,
  { request, reply, principal }: { request: FastifyRequest; reply: FastifyReply; principal: Principal | undefined },
): Promise<FastifyReply> {
  const { dress } = parts;
  const { operation } = performed;
  const asked = readRequest(operation, request, dress.named);
  if (!asked.ok) return sendFailure(dress, reply, told(parts, operation, asked.failure));
  const circumstances: Circumstances = {
    principal,
    requestId: request.id,
    peer: request.socket.remoteAddress ?? '',
    signal: signalOf(reply),
  };
  const answer = await perform(parts, performed, asked.value, circumstances);
  return answer.ok
    ? sendAnswer(reply, operation, answer)
    : sendFailure(dress, reply, told(parts, operation, answer.failure));
}

function told({ onRefused }: PerformingParts, { id }: Operation, failure: OperationFailure): OperationFailure {
  const { field, validationErrors = [] } = failure;
  const fields = [...(field === undefined ? [] : [field]), ...validationErrors.map((each) => each.field)];
  onRefused?.({ why: failure.code, operation: id, detail: fields.join(', ') });
  return failure;
}

/** Has an operation done that somebody may have done, and what it changed written to the audit log. */
export async function perform(
  parts: PerformingParts,
  { operation, handler }: Performed,
  asked: AskedParts,
  circumstances: Circumstances,
): Promise<Answer<unknown>> {
  const answer = await handler(asked, circumstances);
  if (answer.ok) await writeAudit(parts, operation, answer.changes ?? [], circumstances);
  return answer;
}

/** What was done stays done when it cannot be written down; the log then has it instead. */
async function writeAudit(
  { audit, clock, onError }: PerformingParts,
  operation: Operation,
  changes: NonNullable<Extract<Answer<unknown>, { ok: true }>['changes']>,
  circumstances: Circumstances,
): Promise<void> {
  if (changes.length === 0) return;
  const entries = auditEntries(changes, operation.id, circumstances, clock.nowMs());
  const what = entries.map(({ resource, resourceId }) => `${resource} ${resourceId ?? ''}`).join(', ');
  await audit.insertMany(entries).catch((cause: unknown) => {
    const who = circumstances.principal?.name ?? 'anonymous';
    const message = `The audit log misses ${operation.id} by ${who} on ${what}.`;
    onError(new Error(message, { cause }), circumstances.requestId);
  });
}

/** Writes what came of an operation that went well. */
export function sendAnswer(
  reply: FastifyReply,
  operation: Operation,
  { value, status, file, pieces, policy, cookie, headers }: Extract<Answer<unknown>, { ok: true }>,
): FastifyReply {
  const code = status ?? successStatus(operation);
  if (headers !== undefined) reply.headers(headers);
  if (cookie !== undefined) reply.header('set-cookie', setCookieOf(cookie, reply.request.headers));
  if (file !== undefined)
    return reply
      .code(code)
      .type(file.contentType)
      .header('content-disposition', dispositionOf(file.name))
      .send(file.bytes);
  if (pieces !== undefined) {
    if (pieces.name !== undefined) reply.header('content-disposition', dispositionOf(pieces.name));
    // Proxies that gather answers before they pass them on would hold events back.
    reply.header('cache-control', 'no-store').header('x-accel-buffering', 'no');
    return reply
      .code(code)
      .type(headers?.['content-type'] ?? operation.contentType ?? 'text/plain; charset=utf-8')
      .send(Readable.from(pieces.of));
  }
  if (operation.contentType !== undefined && typeof value === 'string') {
    if (policy !== undefined) reply.header('content-security-policy', policy);
    return reply.code(code).type(operation.contentType).send(value);
  }
  return value === undefined ? reply.code(code).send() : sendJson(reply, code, value);
}

/** A name beyond ASCII is said twice (RFC 6266): in full, and for old clients with `_` for what they cannot read. */
export function dispositionOf(name: string): string {
  const plain = `attachment; filename="${name.replaceAll(/[^\w.-]/gu, '_')}"`;
  return /^[\x20-\x7e]*$/.test(name) ? plain : `${plain}; filename*=UTF-8''${extended(name)}`;
}

/** Letters of `attr-char` in RFC 8187 stay; `encodeURIComponent` leaves four that are none. */
const extended = (name: string): string =>
  encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** Aborts when the client leaves before it has its answer. */
export function signalOf(reply: FastifyReply): AbortSignal {
  const left = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) left.abort();
  });
  return left.signal;
}

/** What an error that was thrown means to whoever asked. */
export function failureOfError(parts: PerformingParts, error: unknown, requestId: string): OperationFailure {
  if (parts.isUnavailable(error)) return DATABASE_AWAY;
  if (error instanceof PasswordsBusy) return BUSY;
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return TOO_LARGE;
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) return UNREADABLE;
  parts.onError(error, requestId);
  return UNEXPECTED;
}

const DATABASE_AWAY: OperationFailure = {
  code: 'DATABASE_ERROR',
  message: 'The database does not answer. Ask again in a few seconds.',
  retryAfterMs: 2000,
};

const BUSY: OperationFailure = {
  code: 'SERVICE_UNAVAILABLE',
  message: 'Too many passwords are being checked. Ask again in a few seconds.',
  retryAfterMs: 3000,
};

const TOO_LARGE: OperationFailure = {
  code: 'PAYLOAD_TOO_LARGE',
  message: 'The body is larger than this route takes. Send less at a time.',
};

const UNREADABLE: OperationFailure = { code: 'INVALID_INPUT', message: 'The request could not be read.' };

const UNEXPECTED: OperationFailure = {
  code: 'INTERNAL_SERVER_ERROR',
  message: 'The gateway met an unexpected error. The log has its request id.',
};
