import { Secret } from '@patchbay/llm/credentials/secret';

/** How a proxy is spoken to: HTTP CONNECT, the same inside TLS, or SOCKS 5. */
export type ProxyProtocol = 'http' | 'https' | 'socks5';

/** An outbound proxy, as its URL says. */
export interface ProxyAddress {
  readonly protocol: ProxyProtocol;
  /** A name or an address, without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** Empty where the proxy asks for none. */
  readonly username: string;
  readonly password: Secret | undefined;
}

/** What stands for a password wherever one is shown. */
export const PASSWORD_MASK = '***';

/** The three forms that a proxy's URL may have; for messages about any other. */
export const PROXY_FORMS =
  'http://user:password@proxy.example.com:8080, https://proxy.example.com:8080 or socks5://proxy.example.com:1080';

/** Ports of proxies whose URL names none. */
const PORTS: Readonly<Record<ProxyProtocol, number>> = { http: 80, https: 443, socks5: 1080 };
/** RFC 1929 has one byte for the length of a name and of a password. */
const LOGIN_BYTES_MAX = 255;

const FORM = /^(https?|socks5):\/\/(?:([^\s/?#@]+)@)?(\[[0-9a-f:.]+\]|[^\s/?#@:[\]]+)(?::(\d{1,5}))?\/?$/i;

/**
 * Reads a proxy's URL; `undefined` for anything but the three forms of `PROXY_FORMS`. User and password are
 * percent-encoded there and decoded here.
 */
export function readProxyUrl(text: string): ProxyAddress | undefined {
  const [, scheme = '', login, host = '', port] = FORM.exec(text) ?? [];
  const protocol = scheme.toLowerCase() as ProxyProtocol;
  const [username, password] = decodedLogin(login);
  const number = port === undefined ? PORTS[protocol] : Number(port);
  // The parser of URLs writes a name and an address in the one form in which they are judged and compared.
  if (!URL.canParse(`http://${host}`) || !(number >= 1 && number <= 65_535) || username === undefined) return undefined;
  const hostname = new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, '');
  // Basic credentials end the name at the first colon.
  if (protocol !== 'socks5' && username.includes(':')) return undefined;
  return { protocol, hostname, port: number, username, password };
}

/** User and password of the part before the `@`; a user that is `undefined` when they cannot be read. */
function decodedLogin(login: string | undefined): readonly [string | undefined, Secret | undefined] {
  if (login === undefined) return ['', undefined];
  const colon = login.indexOf(':');
  try {
    const username = decodeURIComponent(colon < 0 ? login : login.slice(0, colon));
    const password = colon < 0 ? undefined : decodeURIComponent(login.slice(colon + 1));
    const fits = [username, password ?? ''].every((each) => Buffer.byteLength(each) <= LOGIN_BYTES_MAX);
    if (username === '' || !fits) return [undefined, undefined];
    return [username, password === undefined ? undefined : new Secret(password)];
  } catch {
    return [undefined, undefined];
  }
}

/** The proxy's URL with `***` for its password: what is stored in the open, shown and compared. */
export function maskedProxyUrl({ protocol, hostname, port, username, password }: ProxyAddress): string {
  const login =
    username === '' ? '' : `${encodeURIComponent(username)}${password === undefined ? '' : `:${PASSWORD_MASK}`}@`;
  return `${protocol}://${login}${bracketed(hostname)}:${port}`;
}

/** A proxy whose URL and password are kept apart. */
export function storedProxyAddress(url: string, password: Secret | undefined): ProxyAddress | undefined {
  const address = readProxyUrl(url);
  return address && { ...address, password: password ?? address.password };
}

/** A host as it stands before a port. */
export const bracketed = (hostname: string): string => (hostname.includes(':') ? `[${hostname}]` : hostname);
