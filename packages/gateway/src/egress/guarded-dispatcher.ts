import { isIP, type LookupFunction } from 'node:net';

import type { Clock } from '@patchbay/llm/model/clock';
import { Agent, buildConnector, type Dispatcher } from 'undici';

import { createNameCache, type NameService } from './name-cache.ts';
import type { EgressPolicy } from './policy.ts';
import { resolveName } from './resolve-name.ts';

/** A name that we may not dial, or that has no address we may dial. */
class EgressDenied extends Error {
  readonly code = 'EGRESS_DENIED';

  constructor(what: string) {
    super(`${what}. Name it in EGRESS_ALLOW if the gateway is meant to call it.`);
  }
}

/** What one connection may hold unread while its client is behind: with thousands of slow clients every byte counts. */
const UNREAD_BYTES = 16 * 1024;

/** Stands for "no limit", which the connector cannot do, in milliseconds. */
const UNLIMITED_MS = 300_000;

/**
 * The one way out: every connection is checked at the moment it is dialled, against the address it really dials.
 * A refusal is an error with the code `EGRESS_DENIED`. `connectTimeoutMs` 0 means five minutes.
 */
export function guardedDispatcher(
  policy: EgressPolicy,
  connectTimeoutMs: number,
  clock: Clock,
  names: NameService = resolveName,
): Dispatcher {
  const timeout = connectTimeoutMs > 0 ? connectTimeoutMs : UNLIMITED_MS;
  const lookup = guardedLookup(policy, createNameCache(names, clock));
  // The connector hands every option on to the socket, but its types do not name this one.
  const options = { timeout, keepAlive: true, lookup, allowH2: false, highWaterMark: UNREAD_BYTES };
  const connect = buildConnector(options);
  return new Agent({
    // Literal addresses never reach a lookup, so they are judged here.
    connect: (target, callback) => {
      const hostname = target.hostname.replace(/^\[|\]$/g, '');
      if (isIP(hostname) !== 0 && !policy.hostNamed(hostname) && !policy.addressAllowed(hostname)) {
        return callback(new EgressDenied(`${hostname} is not a public address`), null);
      }
      return connect(target, callback);
    },
    pipelining: 1,
    keepAliveTimeout: 30_000,
    keepAliveMaxTimeout: 300_000,
  });
}

function guardedLookup(policy: EgressPolicy, addressesOf: NameService): LookupFunction {
  return (hostname, options, callback) => {
    const named = policy.hostNamed(hostname);
    addressesOf(hostname, named).then(
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
