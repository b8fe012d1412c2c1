import type { IncomingHttpHeaders } from 'node:http';

/** Hosts that no name server can point elsewhere. */
const FIXED_HOST = /^(?:localhost|[\d.]+|\[[\da-f:.]+\])(?::\d+)?$/i;

/**
 * True for a request of a browser's page that is neither of a listed origin nor of this gateway itself. A page's own host
 * proves nothing where it is a name: DNS may have made that name point here.
 */
export function isForeignOrigin({ origin, host = '' }: IncomingHttpHeaders, origins: readonly string[]): boolean {
  if (origin === undefined || origins.includes(origin)) return false;
  const isOwn = [`http://${host}`, `https://${host}`].includes(origin.toLowerCase());
  return !(isOwn && FIXED_HOST.test(host));
}
