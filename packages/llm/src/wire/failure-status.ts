import type { Failure, FailureKind } from '../model/failure.ts';

const BY_STATUS: Readonly<Record<number, FailureKind>> = {
  400: 'invalid-request',
  401: 'authentication',
  402: 'quota-exhausted',
  403: 'permission',
  404: 'not-found',
  408: 'timeout',
  413: 'payload-too-large',
  422: 'invalid-request',
  429: 'rate-limit',
  503: 'overloaded',
  529: 'overloaded',
};

/** What a refusal's HTTP status means by itself; 0 stands for an error inside an answer, which has none. */
export function kindOfStatus(status: number): FailureKind {
  return BY_STATUS[status] ?? (status === 0 || status >= 500 ? 'upstream' : 'invalid-request');
}

/**
 * The `protocol` failure of a status that is no refusal: a redirect, which is not followed because a credential must
 * not follow it, or anything else between 1 and 399. Its body is no word of the wire format and is left alone.
 * `undefined` for refusals, from 400 on, and for 0.
 */
export function noRefusal(status: number): Failure | undefined {
  if (status === 0 || status >= 400) return undefined;
  const redirect = status >= 300;
  const message = redirect
    ? 'The provider answered with a redirect, which is not followed.'
    : `The provider answered with status ${status}, which is neither an answer nor an error.`;
  return { kind: 'protocol', message, status };
}
