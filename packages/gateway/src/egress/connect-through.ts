import { isIP, type OnReadOpts } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';

import type { Clock } from '@patchbay/llm/model/clock';

import { connectGreeting } from './connect-greeting.ts';
import { EgressDenied, guardedConnect, type Connect } from './guarded-connect.ts';
import { createNameCache, type NameService } from './name-cache.ts';
import type { EgressPolicy } from './policy.ts';
import { ProxyTunnel, type ProxyTimeouts } from './proxy-tunnel.ts';
import type { ProxyAddress } from './proxy-url.ts';
import { resolveName } from './resolve-name.ts';
import { socksGreeting } from './socks-greeting.ts';

const GREETINGS = { http: connectGreeting, https: connectGreeting, socks5: socksGreeting };
const USUAL: ProxyTimeouts = { dialMs: 2500, answerMs: 6000 };
/** Longest wait for our own name service, in milliseconds: it only helps to judge a name that the proxy resolves. */
const JUDGE_MS = 1000;
/** Names that only a network of one's own knows: what we cannot resolve there, the proxy might. */
const PRIVATE_NAME = /^[^.]+\.?$|\.(?:localhost|local|internal|intranet|lan|home\.arpa)\.?$/i;

export interface ConnectThroughParts {
  readonly policy: EgressPolicy;
  readonly clock: Clock;
  /** Default: the system's. */
  readonly names?: NameService;
  readonly timeouts?: ProxyTimeouts;
}

/**
 * The guarded way out through a proxy. The proxy's own address is checked when it is dialled. The target is judged too:
 * an address as in a direct dial, a name by resolving it, and refused (`EGRESS_DENIED`) when it has only private addresses
 * or cannot be resolved and looks private. Faults of the proxy have codes that begin with `PROXY_`. TLS to the target
 * runs inside the tunnel, with the target's certificate checked.
 */
export function connectThrough({
  policy,
  clock,
  names = resolveName,
  timeouts = USUAL,
}: ConnectThroughParts): (proxy: ProxyAddress) => Connect {
  const addressesOf = createNameCache(names, clock);
  const direct = guardedConnect(policy, clock, names);
  const judge = judgeWith(policy, addressesOf, clock);
  return (proxy) =>
    ({ hostname, port, secure, session, onread }) => {
      if (isIP(hostname) !== 0 && !policy.hostNamed(hostname) && !policy.addressAllowed(hostname))
        throw new EgressDenied(`${hostname} is not a public address`);
      const withTls = proxy.protocol === 'https';
      const to = { hostname: proxy.hostname, port: proxy.port, secure: withTls, session: undefined };
      const judged = judge(hostname);
      // A tunnel that ends before it needs the judgement leaves it unheard.
      judged.catch(() => undefined);
      const tunnel = new ProxyTunnel({
        open: (reader) => direct({ ...to, onread: reader }),
        upEvent: withTls ? 'secureConnect' : 'connect',
        greeting: GREETINGS[proxy.protocol](proxy, { hostname, port }),
        judged,
        timeouts,
        clock,
      });
      return feed(secure ? secured(tunnel, hostname, session) : tunnel, onread);
    };
}

/** Resolves when a name may be reached through a proxy, rejects when it must not. */
function judgeWith(policy: EgressPolicy, addressesOf: NameService, clock: Clock): (hostname: string) => Promise<void> {
  return async (hostname) => {
    if (isIP(hostname) !== 0 || policy.hostNamed(hostname)) return;
    const waited = new AbortController();
    const unknown = clock.sleep(JUDGE_MS, waited.signal).then(() => []);
    // Where we have no name service, the proxy has one.
    const found = await Promise.race([addressesOf(hostname, false).catch(() => []), unknown]);
    waited.abort();
    const refused = found.length === 0 ? PRIVATE_NAME.test(hostname) : !found.some(policy.addressAllowed);
    if (refused) throw new EgressDenied(`${hostname} has no public address`);
  };
}

function secured(tunnel: ProxyTunnel, hostname: string, session: Buffer | undefined): Duplex {
  const servername = isIP(hostname) === 0 ? { servername: hostname } : {};
  const socket = connectTls({ socket: tunnel, ...servername, ALPNProtocols: ['http/1.1'], session });
  tunnel.on('error', (error) => socket.destroy(error));
  return socket;
}

/** Gives everything that a stream brings to a reader that was meant for a socket. */
function feed(stream: Duplex, { buffer, callback }: OnReadOpts): Duplex {
  const place = typeof buffer === 'function' ? buffer() : buffer;
  return stream.on('data', (bytes: Buffer) => {
    for (let at = 0; at < bytes.length && !stream.destroyed; at += place.length) {
      const part = bytes.subarray(at, at + place.length);
      place.set(part);
      if (callback(part.length, place) === false) stream.pause();
    }
  });
}
