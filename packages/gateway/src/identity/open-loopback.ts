import type { IncomingHttpHeaders } from 'node:http';

import { isLoopback } from './address-group.ts';

/** Headers by which a proxy says that it passes on somebody else's request. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'] as const;

const LOCAL_HOST = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i;

/**
 * True for a request from this machine by itself, not passed on by a proxy and not caused by a foreign page. Decided on
 * the socket's other end. A page that a browser shows can reach this machine, too: its `Origin` gives it away, and a name
 * that was made to point here gives itself away as `Host`.
 */
export function isFromThisMachine(peer: string, headers: IncomingHttpHeaders): boolean {
  const { host = '', origin } = headers;
  const site = headers['sec-fetch-site'];
  if (!isLoopback(peer) || !LOCAL_HOST.test(host)) return false;
  if (FORWARDED.some((name) => headers[name] !== undefined)) return false;
  if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`) return false;
  return site === undefined || site === 'same-origin' || site === 'none';
}
