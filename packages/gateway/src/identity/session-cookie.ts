import type { IncomingHttpHeaders } from 'node:http';

/** Name of the cookie over plain HTTP. */
const NAME = 'patchbay_session';
/** Name over TLS: browsers take it only with `Secure`, for the whole host, and from this host itself. */
const SECURE_NAME = `__Host-${NAME}`;

/** Text of the session's cookie that a browser sent along; the one of TLS counts first. */
export function sessionCookieIn({ cookie }: IncomingHttpHeaders): string | undefined {
  if (cookie === undefined) return undefined;
  const pairs = cookie.split(';').map((pair) => pair.trim());
  for (const name of [SECURE_NAME, NAME]) {
    const pair = pairs.find((each) => each.startsWith(`${name}=`));
    if (pair !== undefined && pair.length > name.length + 1) return pair.slice(name.length + 1);
  }
  return undefined;
}

/** A cookie to keep for some seconds, or to forget: 0 seconds. */
export interface SessionCookie {
  readonly text: string;
  readonly maxAgeS: number;
}

/** How a browser forgets its session. */
export const FORGOTTEN: SessionCookie = { text: '', maxAgeS: 0 };

/**
 * The header `Set-Cookie`: no script reads it, no other site makes a browser send it. `Secure` where the browser came
 * over TLS, which its `Origin` says, or whoever ends TLS before us.
 */
export function setCookieOf({ text, maxAgeS }: SessionCookie, headers: IncomingHttpHeaders): string {
  const isSecure = headers.origin?.startsWith('https://') === true || headers['x-forwarded-proto'] === 'https';
  const pair = `${isSecure ? SECURE_NAME : NAME}=${text}`;
  return `${pair}; Path=/; Max-Age=${maxAgeS}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
}
