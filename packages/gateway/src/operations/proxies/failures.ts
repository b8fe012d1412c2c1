import type { OperationFailure } from '@patchbay/contract';

import { PROXY_FORMS } from '../../egress/proxy-url.ts';

/** No such proxy. */
export const proxyNotFound = (id: number): OperationFailure => ({
  code: 'NOT_FOUND',
  message: `There is no proxy with the id ${id}. GET /api/v1/proxies lists them all.`,
});

/** Something is wrong with the URL of a proxy; what was sent is not repeated, since it may hold a password. */
export const wrongUrl = (what: string): OperationFailure => ({
  code: 'INVALID_INPUT',
  field: 'url',
  message: `${what} Write \`url\` like ${PROXY_FORMS}, with user and password percent-encoded where there are any.`,
});

/** Another proxy has that URL. */
export const takenUrl = (id: string): OperationFailure => ({
  code: 'ALREADY_EXISTS',
  field: 'url',
  message: `Proxy ${id} is at this host and port with this user. Change that one with PUT /api/v1/proxies/${id}.`,
});
