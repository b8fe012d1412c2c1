import { failed, type Failure, type Result } from '../model/failure.ts';
import type { Exchange, UpstreamRequest, UpstreamResponse } from './exchange.ts';
import { fetchExchange } from './fetch-exchange.ts';
import { proxyRules, type ProxyRules, type ProxyTarget } from './proxy-rules.ts';
import { redactText } from './redact-text.ts';

/** As much of the package `undici` as is used here. */
export interface UndiciModule {
  readonly fetch: unknown;
  readonly Agent: new (options: object) => UndiciDispatcher;
  readonly ProxyAgent: new (options: { uri: string } & Record<string, unknown>) => UndiciDispatcher;
}

/** What undici sends through. */
export interface UndiciDispatcher {
  close(): Promise<void>;
}

/** Which proxies are taken, and how. */
export interface ProxyOptions extends ProxyRules {
  /** Asks HTTP proxies for a tunnel (`CONNECT`) to plain `http` addresses too. Default false: they forward those. */
  readonly tunnel?: boolean;
  /** Certificates (PEM) that are trusted instead of the machine's own, e.g. those of a proxy that reads along. */
  readonly ca?: string;
  /** Connections kept to one host. Default 10. */
  readonly connectionsMax?: number;
  /** How long a connection is kept that nobody uses, in milliseconds. Default 90 000. */
  readonly keepAliveMs?: number;
  /** Loads `undici`. Default: the one that is installed. */
  readonly undici?: () => Promise<UndiciModule>;
}

/** An exchange that keeps connections. */
export interface ProxiedExchange extends Exchange {
  /** Ends all connections once their answers have ended. */
  close(): Promise<void>;
}

/**
 * An exchange through HTTP, HTTPS and SOCKS 5 proxies, for Node. It needs the package `undici`, which is loaded with the
 * first request; without it every request fails with a message that says so. Throws `RangeError` for a proxy's URL that
 * makes no sense.
 */
export function proxyExchange(options: ProxyOptions = {}): ProxiedExchange {
  const proxyFor = proxyRules(options);
  const load = options.undici ?? loadUndici;
  const ways = new Map<string, Promise<Way>>();
  const wayOf = (proxy: ProxyTarget | undefined): Promise<Way> => {
    const key = proxy === undefined ? '' : `${proxy.url} ${proxy.username}`;
    const way = ways.get(key) ?? load().then((undici) => createWay(undici, proxy, options));
    ways.set(key, way);
    way.catch(() => ways.delete(key));
    return way;
  };
  return {
    async send(request, signal) {
      if (!URL.canParse(request.url))
        return failed({ kind: 'invalid-request', message: `"${request.url}" is no address. Check the base URL.` });
      const proxy = proxyFor(new URL(request.url));
      try {
        return await sendBy(await wayOf(proxy), { request, signal, proxy });
      } catch (error) {
        if (isMissing(error)) return failed(MISSING);
        throw error;
      }
    },
    async close() {
      const all = await Promise.allSettled(ways.values());
      ways.clear();
      for (const way of all) if (way.status === 'fulfilled') await way.value.dispatcher.close();
    },
  };
}

interface Way {
  readonly exchange: Exchange;
  readonly dispatcher: UndiciDispatcher;
}

const loadUndici = async (): Promise<UndiciModule> => (await import('undici')) as unknown as UndiciModule;

const MISSING: Failure = {
  kind: 'invalid-request',
  code: 'undici_missing',
  message: 'Proxies need the package "undici", which is not installed. Run: npm install undici',
};

const isMissing = (error: unknown): boolean =>
  ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes((error as { code?: string }).code ?? '');

function createWay(undici: UndiciModule, proxy: ProxyTarget | undefined, options: ProxyOptions): Way {
  const { tunnel = false, ca, connectionsMax = 10, keepAliveMs = 90_000 } = options;
  const pool = { connections: connectionsMax, keepAliveTimeout: keepAliveMs };
  const tls = ca === undefined ? {} : { ca };
  const dispatcher =
    proxy === undefined
      ? new undici.Agent({ ...pool, connect: tls })
      : new undici.ProxyAgent({
          ...pool,
          uri: proxy.url,
          ...loginOf(proxy),
          proxyTunnel: tunnel,
          requestTls: tls,
          // Said to a SOCKS proxy it would mean SOCKS inside TLS.
          ...(proxy.protocol !== 'socks5' && { proxyTls: tls }),
        });
  const send = undici.fetch as (url: unknown, init: object) => Promise<Response>;
  return { dispatcher, exchange: fetchExchange((url, init) => send(url, { ...init, dispatcher })) };
}

function loginOf({ protocol, username, password }: ProxyTarget): Record<string, string> {
  if (username === '') return {};
  if (protocol === 'socks5') return { username, password };
  const bytes = new TextEncoder().encode(`${username}:${password}`);
  return { token: `Basic ${btoa(String.fromCharCode(...bytes))}` };
}

interface Sending {
  readonly request: UpstreamRequest;
  readonly signal: AbortSignal;
  readonly proxy: ProxyTarget | undefined;
}

/** A failure on the way through a proxy names it: the provider may be in the best of health. */
async function sendBy({ exchange }: Way, { request, signal, proxy }: Sending): Promise<Result<UpstreamResponse>> {
  const sent = await exchange.send(request, signal);
  if (sent.ok || proxy === undefined || sent.failure.kind !== 'network') return sent;
  const { detail = '', code } = sent.failure;
  const cause = redactText(detail);
  if (/\b407\b|authentication/i.test(detail))
    return failed({
      kind: 'network',
      code: 'PROXY_AUTHENTICATION',
      message: `The proxy ${proxy.url} refuses the user or the password. Check them in its URL.`,
      detail: cause,
    });
  return failed({
    kind: 'network',
    code: `PROXY_${code ?? 'FAILED'}`,
    message: `The provider could not be reached through the proxy ${proxy.url}${code === undefined ? '' : ` (${code})`}.`,
    detail: cause,
  });
}
