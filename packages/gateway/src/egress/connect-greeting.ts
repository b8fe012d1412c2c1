import { faulty, MORE, type Greeting, type TunnelTarget, type Understood } from './proxy-greeting.ts';
import { basicLogin } from './proxy-login.ts';
import { bracketed, type ProxyAddress } from './proxy-url.ts';

const START = 'HTTP/1.';
const HEAD_END = '\r\n\r\n';
const STATUS_LINE = /^HTTP\/1\.[01] ([1-9]\d\d)(?: [^\r\n]*)?\r\n/;

/** What a proxy's refusal means. A status that is not here is a refusal of the proxy's own. */
const REFUSALS: Readonly<Record<string, readonly [code: string, what: string]>> = {
  407: ['PROXY_AUTH_REFUSED', 'the proxy refused its user and password (407)'],
  502: ['EHOSTUNREACH', 'the proxy could not reach the provider (502)'],
  503: ['EHOSTUNREACH', 'the proxy could not reach the provider (503)'],
  504: ['ETIMEDOUT', 'the provider did not answer the proxy in time (504)'],
};

/** Asks an HTTP proxy for a tunnel (`CONNECT`, RFC 9110 section 9.3.6), whatever will be spoken in it. */
export function connectGreeting(proxy: ProxyAddress, { hostname, port }: TunnelTarget): Greeting {
  const target = `${bracketed(hostname)}:${port}`;
  const login = basicLogin(proxy);
  const authorization = login === undefined ? '' : `proxy-authorization: ${login}\r\n`;
  return {
    first: Buffer.from(`CONNECT ${target} HTTP/1.1\r\nhost: ${target}\r\n${authorization}\r\n`, 'latin1'),
    understand,
  };
}

function understand(bytes: Buffer): Understood {
  if (!START.startsWith(bytes.toString('latin1', 0, START.length))) return malformed();
  const end = bytes.indexOf(HEAD_END);
  if (end < 0) return MORE;
  const used = end + HEAD_END.length;
  const status = STATUS_LINE.exec(bytes.toString('latin1', 0, used))?.[1];
  if (status === undefined) return malformed();
  // An answer to CONNECT that is good has no body, whatever its headers say.
  if (status.startsWith('2')) return { kind: 'open', used };
  return faulty(...(REFUSALS[status] ?? ['PROXY_REFUSED', `the proxy refused the tunnel (${status})`]));
}

const malformed = (): Understood => faulty('PROXY_MALFORMED', 'the proxy does not answer in HTTP/1.1');
