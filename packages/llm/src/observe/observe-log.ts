import type { CallObserver } from '../model/observer.ts';
import type { Failure } from '../model/failure.ts';
import { redactHeaders } from '../transport/redact.ts';
import { safeLines, type LogOptions } from './logger.ts';

/**
 * Writes what a client does: calls at `info`, failures at `warn`, attempts at `debug`; give it to the client as
 * `observer`. Neither what was said nor a credential is written.
 */
export function observeLog(options: LogOptions): CallObserver {
  const write = safeLines(options);
  return {
    callStarted: ({ id, operation, models, metadata }) =>
      write('debug', 'Call started', { call: id, operation, models, metadata }),
    attemptStarted: ({ id }, { number, providerId, model, accountId }) =>
      write('debug', 'Attempt started', { call: id, attempt: number, provider: providerId, model, account: accountId }),
    attemptEnded: ({ id }, { number, providerId, model }, { outcome, failure, latencyMs, status, headers }) =>
      write(failure ? 'warn' : 'debug', `Attempt ${outcome}`, {
        call: id,
        attempt: number,
        provider: providerId,
        model,
        latencyMs,
        ...(status !== undefined && { status }),
        ...(headers && { headers: redactHeaders(headers) }),
        ...(failure && { failure: said(failure) }),
      }),
    firstOutput: ({ id }, { providerId, model }, afterMs) =>
      write('debug', 'First output', { call: id, provider: providerId, model, afterMs }),
    callEnded: ({ id, operation, models }, { outcome, failure, ...end }) =>
      write(failure ? 'error' : 'info', `Call ${outcome}`, {
        call: id,
        operation,
        models,
        ...end,
        ...(failure && { failure: said(failure) }),
      }),
  };
}

/** A failure without the provider's own body, which may repeat what was said. */
const said = ({ raw: _raw, ...failure }: Failure): Omit<Failure, 'raw'> => failure;
