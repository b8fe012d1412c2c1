import type { OperationFailure } from '@patchbay/contract';

import { PROXY_FORMS } from '../../egress/proxy-url.ts';

/** No such proxy. */
export const proxyNotFound = (id: number): OperationFailure => ({
  code: 'NOT_FOUND',
  message: `There is no proxy with the id ${id}. GET /api/v1/proxies lists them all.`,
});

/** Something is wrong with the URL of a proxy; what was sent is not repeated, since it may hold a password. */
export function wrongUrl(what: string): OperationFailure {
  const message = `${what} Write \`url\` like ${PROXY_FORMS}, with user and password percent-encoded where there are any.`;
  return { code: 'INVALID_INPUT', field: 'url', message, validationErrors: [{ field: 'url', message }] };
}

/** Another proxy has that URL. */
export const takenUrl = (id: string): OperationFailure => ({
  code: 'ALREADY_EXISTS',
  field: 'url',
  message: `Proxy ${id} is at this host and port with this user. Change that one with PUT /api/v1/proxies/${id}.`,
});
