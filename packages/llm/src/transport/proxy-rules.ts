/** The variables that say which proxy to take, by their usual names; lower case comes first, as in most programs. */
export type ProxyVariables = Readonly<Record<string, string | undefined>>;

/** What a proxy's URL may look like; for messages. */
const FORMS =
  'http://user:password@proxy.example.com:8080, https://proxy.example.com:443 or socks5://proxy.example.com:1080';

/** A proxy as its URL says, its user and password decoded. */
export interface ProxyTarget {
  readonly protocol: 'http' | 'https' | 'socks5';
  /** The URL without user and password: this may be shown. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

const PROTOCOLS: Readonly<Record<string, ProxyTarget['protocol']>> = {
  'http:': 'http',
  'https:': 'https',
  'socks5:': 'socks5',
  // Names are always resolved by the proxy, which is what this spelling asks for.
  'socks5h:': 'socks5',
};

/**
 * Reads a proxy's URL; `source` names where it stands, for the message. A URL without a scheme is an HTTP proxy. Throws
 * `RangeError`, which does not repeat the URL because it may hold a password.
 */
export function readProxyTarget(text: string, source: string): ProxyTarget {
  const written = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const wrong = new RangeError(`${source} is no proxy's URL. Write it like ${FORMS}.`);
  if (!URL.canParse(written)) throw wrong;
  const url = new URL(written);
  const protocol = PROTOCOLS[url.protocol];
  if (protocol === undefined || url.hostname === '') throw wrong;
  try {
    const [username, password] = [url.username, url.password].map(decodeURIComponent);
    const port = url.port === '' ? (protocol === 'socks5' ? ':1080' : '') : `:${url.port}`;
    return {
      protocol,
      url: `${protocol}://${url.hostname}${port}`,
      username: username ?? '',
      password: password ?? '',
    };
  } catch {
    throw wrong;
  }
}

/** Which proxy an address is asked through. */
export interface ProxyRules {
  /** For every address that `noProxy` does not name; wins over the variables. */
  readonly proxy?: string;
  /** `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, e.g. `process.env`. Default: none. */
  readonly env?: ProxyVariables;
  /**
   * Addresses that are asked directly, by comma or space: a host and all under it (`example.com`, `.example.com`,
   * `*.example.com`), an address (`10.0.0.7`, `[::1]`), any of them with a port (`example.com:8443`), or `*` for all.
   * Default: what `NO_PROXY` says.
   */
  readonly noProxy?: string;
}

/** The proxy for an address, `undefined` to ask it directly. Throws `RangeError` for a URL that makes no sense. */
export function proxyRules({ proxy, env = {}, noProxy }: ProxyRules): (url: URL) => ProxyTarget | undefined {
  const variable = (name: string): string => env[name.toLowerCase()] || env[name] || '';
  const read = (name: string): ProxyTarget | undefined =>
    variable(name) === '' ? undefined : readProxyTarget(variable(name), name);
  const given = proxy === undefined ? undefined : readProxyTarget(proxy, 'proxy');
  const all = given ?? read('ALL_PROXY');
  const [secure, plain] = [given ?? read('HTTPS_PROXY') ?? all, given ?? read('HTTP_PROXY') ?? all];
  const isDirect = directRule(noProxy ?? variable('NO_PROXY'));
  return (url) => (isDirect(url) ? undefined : url.protocol === 'http:' ? plain : secure);
}

const ENTRY = /^(?:\*?\.)?(?<host>\[[^\]]+\]|[^:]+|[^\]]*:[^\]]*:[^\]]*?)(?::(?<port>\d+))?$/;

function directRule(list: string): (url: URL) => boolean {
  const entries = list.split(/[\s,]+/).filter((entry) => entry !== '');
  if (entries.includes('*')) return () => true;
  const rules = entries.map((entry) => {
    const { host = entry, port = '' } = ENTRY.exec(entry.toLowerCase())?.groups ?? {};
    return { host: host.replace(/^\[|\]$/g, ''), port };
  });
  return ({ hostname, port, protocol }) => {
    const host = hostname
      .toLowerCase()
      .replace(/^\[|\]$/g, '')
      .replace(/\.$/, '');
    const asked = port === '' ? (protocol === 'http:' ? '80' : '443') : port;
    return rules.some(
      (rule) => (rule.port === '' || rule.port === asked) && (host === rule.host || host.endsWith(`.${rule.host}`)),
    );
  };
}
