import { connect as connectTcp, isIP, type LookupFunction, type OnReadOpts } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';

import type { Clock } from '@patchbay/llm/model/clock';

import { createNameCache, type NameService } from './name-cache.ts';
import type { EgressPolicy } from './policy.ts';
import { resolveName } from './resolve-name.ts';

/** A name that we may not dial, or that has no address we may dial. */
export class EgressDenied extends Error {
  readonly code = 'EGRESS_DENIED';

  constructor(what: string) {
    super(`${what}. Name it in EGRESS_ALLOW if the gateway is meant to call it.`);
  }
}

/** Where to and how. */
export interface Dial {
  /** A name or an address, without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** TLS over the connection, with the certificate checked against `hostname`. */
  readonly secure: boolean;
  /** A TLS session of an earlier connection to the same place, to skip most of the handshake. */
  readonly session: Buffer | undefined;
  /** Where what is read goes, without a stream between. */
  readonly onread: OnReadOpts;
}

/** Opens a connection; it is up with the event `connect`, or `secureConnect` where `secure`. Throws when denied. */
export type Connect = (dial: Dial) => Duplex;

/** How long a connection is silent before the system asks whether the other side is still there, in milliseconds. */
const PROBE_AFTER_MS = 60_000;

/**
 * The one way out: every connection is checked at the moment it is dialled, against the address it really dials.
 * A refusal is an error with the code `EGRESS_DENIED`, thrown for a literal address and an `error` event for a name.
 */
export function guardedConnect(policy: EgressPolicy, clock: Clock, names: NameService = resolveName): Connect {
  const lookup = guardedLookup(policy, createNameCache(names, clock));
  return ({ hostname, port, secure, session, onread }) => {
    // Literal addresses never reach a lookup, so they are judged here.
    if (isIP(hostname) !== 0 && !policy.hostNamed(hostname) && !policy.addressAllowed(hostname)) {
      throw new EgressDenied(`${hostname} is not a public address`);
    }
    const options = {
      host: hostname,
      port,
      lookup,
      onread,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: PROBE_AFTER_MS,
    };
    if (!secure) return connectTcp(options);
    const servername = isIP(hostname) === 0 ? { servername: hostname } : {};
    return connectTls({ ...options, ...servername, ALPNProtocols: ['http/1.1'], session });
  };
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
