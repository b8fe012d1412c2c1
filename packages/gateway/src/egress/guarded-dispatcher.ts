import { lookup as systemLookup } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';

import type { Clock } from '@patchbay/llm/model/clock';
import { Agent, buildConnector, type Dispatcher } from 'undici';

import type { EgressPolicy } from './policy.ts';

/** A name that we may not dial, or that has no address we may dial. */
class EgressDenied extends Error {
  readonly code = 'EGRESS_DENIED';
}

interface Found {
  readonly addresses: readonly string[];
  readonly untilMs: number;
}

/** How long an answer of the name service is used, and how long a stale one still serves when it is down. */
const FRESH_MS = 60_000;
const STALE_MS = 300_000;
const NAMES_MAX = 1000;

/** The one way out: every connection is checked at the moment it is dialled, against the address it really dials. */
export function guardedDispatcher(policy: EgressPolicy, connectTimeoutMs: number, clock: Clock): Dispatcher {
  const timeout = connectTimeoutMs > 0 ? connectTimeoutMs : 300_000;
  const connect = buildConnector({ timeout, keepAlive: true, lookup: guardedLookup(policy, clock), allowH2: false });
  return new Agent({
    // Literal addresses never reach a lookup, so they are judged here.
    connect: (options, callback) => {
      const hostname = options.hostname.replace(/^\[|\]$/g, '');
      if (isIP(hostname) !== 0 && !policy.hostNamed(hostname) && !policy.addressAllowed(hostname)) {
        return callback(new EgressDenied(`${hostname} is not a public address`), null);
      }
      return connect(options, callback);
    },
    pipelining: 1,
    keepAliveTimeout: 30_000,
    keepAliveMaxTimeout: 300_000,
  });
}

function guardedLookup(policy: EgressPolicy, clock: Clock): LookupFunction {
  const names = new Map<string, Found>();
  return (hostname, options, callback) => {
    const named = policy.hostNamed(hostname);
    resolve(names, hostname, named, clock).then(
      (addresses) => {
        const allowed = named ? addresses : addresses.filter((address) => policy.addressAllowed(address));
        const [first] = allowed;
        if (first === undefined) return callback(new EgressDenied(`${hostname} has no public address`), '', 4);
        if (!options.all) return callback(null, first, isIP(first));
        return callback(
          null,
          allowed.map((address) => ({ address, family: isIP(address) })),
        );
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 4),
    );
  };
}

/** Names come from our own resolver: `getaddrinfo` answers two at a time, so one dead name would block all others. */
async function resolve(
  names: Map<string, Found>,
  hostname: string,
  named: boolean,
  clock: Clock,
): Promise<readonly string[]> {
  const known = names.get(hostname);
  const now = clock.monotonicMs();
  if (known !== undefined && known.untilMs > now) return known.addresses;
  try {
    const addresses = await ask(hostname, named);
    if (names.size >= NAMES_MAX) names.delete(names.keys().next().value as string);
    names.set(hostname, { addresses, untilMs: now + FRESH_MS });
    return addresses;
  } catch (error) {
    if (known !== undefined && known.untilMs + STALE_MS > now) return known.addresses;
    throw error;
  }
}

async function ask(hostname: string, named: boolean): Promise<readonly string[]> {
  // RFC 6761: the name is loopback everywhere and must not be asked of a name service.
  if (hostname === 'localhost' || hostname.endsWith('.localhost')) return ['127.0.0.1', '::1'];
  const resolver = new Resolver({ timeout: 1000, tries: 2 });
  const [four, six] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
  const addresses = [
    ...(four.status === 'fulfilled' ? four.value : []),
    ...(six.status === 'fulfilled' ? six.value : []),
  ];
  if (addresses.length > 0) return addresses;
  // A host the operator named may live only in the hosts file, which the name service does not know.
  if (named) return await fromSystem(hostname);
  throw four.status === 'rejected' ? four.reason : new EgressDenied(`${hostname} has no address`);
}

const fromSystem = (hostname: string): Promise<readonly string[]> =>
  new Promise((done, fail) => {
    systemLookup(hostname, { all: true }, (error, found) =>
      error ? fail(error) : done(found.map(({ address }) => address)),
    );
  });
