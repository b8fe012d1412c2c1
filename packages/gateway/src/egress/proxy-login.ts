import { createHash } from 'node:crypto';

import type { ProxyAddress } from './proxy-url.ts';

/** The value of `proxy-authorization` that a proxy is shown; `undefined` where its URL holds no user. */
export function basicLogin({ username, password }: ProxyAddress): string | undefined {
  if (username === '') return undefined;
  return `Basic ${Buffer.from(`${username}:${password?.reveal() ?? ''}`).toString('base64')}`;
}

/** The message of RFC 1929: version, user, password, each with its length; `undefined` where the URL holds no user. */
export function socksLogin({ username, password }: ProxyAddress): Buffer | undefined {
  if (username === '') return undefined;
  const [user, secret] = [Buffer.from(username), Buffer.from(password?.reveal() ?? '')];
  return Buffer.concat([Buffer.of(1, user.length), user, Buffer.of(secret.length), secret]);
}

/** A name for this proxy with this login, from which nobody can tell either. */
export const proxyKey = (proxy: ProxyAddress): string =>
  createHash('sha256')
    .update(JSON.stringify([proxy.protocol, proxy.hostname, proxy.port, proxy.username, proxy.password?.reveal()]))
    .digest('base64url');
