import { isIP } from 'node:net';

import { faulty, MORE, type Greeting, type TunnelTarget, type Understood } from './proxy-greeting.ts';
import { socksLogin } from './proxy-login.ts';
import type { ProxyAddress } from './proxy-url.ts';

const VERSION = 5;
const LOGIN_VERSION = 1;
const NO_LOGIN = 0;
const BY_PASSWORD = 2;
const NONE_FITS = 0xff;
const CONNECT = 1;
const KIND = { ipv4: 1, name: 3, ipv6: 4 } as const;
/** Version, reply, reserved, kind of address. */
const REPLY_HEAD_BYTES = 4;
const PORT_BYTES = 2;
const ADDRESS_BYTES: Readonly<Record<number, number>> = { [KIND.ipv4]: 4, [KIND.ipv6]: 16 };

/** What the replies of RFC 1928 mean. One that is not here is a refusal of the proxy's own. */
const REPLIES: Readonly<Record<number, readonly [code: string, what: string]>> = {
  3: ['ENETUNREACH', 'the proxy has no way to the provider’s network'],
  4: ['EHOSTUNREACH', 'the proxy could not reach the provider'],
  5: ['ECONNREFUSED', 'the provider refused the proxy’s connection'],
  6: ['ETIMEDOUT', 'the provider did not answer the proxy in time'],
};

/** Asks a SOCKS 5 proxy for a tunnel (RFC 1928, RFC 1929). A name is sent as it is, so that the proxy resolves it. */
export function socksGreeting(proxy: ProxyAddress, target: TunnelTarget): Greeting {
  const login = socksLogin(proxy);
  const methods = login === undefined ? [NO_LOGIN] : [NO_LOGIN, BY_PASSWORD];
  const request = requestFor(target);
  const onMethod = (bytes: Buffer): Understood => {
    if (bytes[0] !== VERSION) return malformed();
    if (bytes.length < 2) return MORE;
    const method = bytes[1];
    if (method === NO_LOGIN) return proceed(onReply, request);
    if (method === BY_PASSWORD && login !== undefined) return proceed(onLogin, login);
    return method === NONE_FITS ? refusedLogin('the proxy wants another way to log in') : malformed();
  };
  const onLogin = (bytes: Buffer): Understood => {
    if (bytes[0] !== LOGIN_VERSION) return malformed();
    if (bytes.length < 2) return MORE;
    return bytes[1] === 0 ? proceed(onReply, request) : refusedLogin('the proxy refused its user and password');
  };
  let expected = onMethod;
  const proceed = (next: (bytes: Buffer) => Understood, bytes: Buffer): Understood => {
    expected = next;
    return { kind: 'say', bytes, used: 2 };
  };
  return { first: Buffer.of(VERSION, methods.length, ...methods), understand: (bytes) => expected(bytes) };
}

function onReply(bytes: Buffer): Understood {
  if (bytes[0] !== VERSION) return malformed();
  const reply = bytes[1];
  if (reply === undefined) return MORE;
  if (reply !== 0)
    return faulty(...(REPLIES[reply] ?? ['PROXY_REFUSED', `the proxy refused the tunnel (SOCKS reply ${reply})`]));
  // Its own address means nothing to us, but the target's first byte comes behind it.
  const [kind, lengthByte] = bytes.subarray(3);
  if (kind === undefined || lengthByte === undefined) return MORE;
  const length = kind === KIND.name ? 1 + lengthByte : ADDRESS_BYTES[kind];
  if (length === undefined) return malformed();
  const used = REPLY_HEAD_BYTES + length + PORT_BYTES;
  return bytes.length < used ? MORE : { kind: 'open', used };
}

function requestFor({ hostname, port }: TunnelTarget): Buffer {
  return Buffer.concat([Buffer.of(VERSION, CONNECT, 0), addressOf(hostname), Buffer.of(port >> 8, port & 0xff)]);
}

function addressOf(hostname: string): Buffer {
  const family = isIP(hostname);
  if (family === 4) return Buffer.of(KIND.ipv4, ...hostname.split('.').map(Number));
  if (family === 6) return Buffer.concat([Buffer.of(KIND.ipv6), ipv6Bytes(hostname)]);
  const name = Buffer.from(hostname, 'latin1');
  return Buffer.concat([Buffer.of(KIND.name, name.length), name]);
}

/** The sixteen bytes of an address; `::` stands for as many zeros as are missing. */
function ipv6Bytes(address: string): Buffer {
  // The parser of URLs also writes the end in hexadecimal where it came as IPv4.
  const [before = '', after = ''] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const [left, right] = [before, after].map((part) => (part === '' ? [] : part.split(':'))) as [string[], string[]];
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return Buffer.from([...left, ...zeros, ...right].map((group) => group.padStart(4, '0')).join(''), 'hex');
}

const refusedLogin = (what: string): Understood => faulty('PROXY_AUTH_REFUSED', what);
const malformed = (): Understood => faulty('PROXY_MALFORMED', 'the proxy does not speak SOCKS 5');
