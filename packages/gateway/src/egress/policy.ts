import { BlockList, isIP } from 'node:net';

import { isPublicAddress } from './address.ts';

/** Decides which addresses the gateway may dial. Public ones always; others only when the operator named them. */
export interface EgressPolicy {
  /** True when `hostname` itself was named, so that whatever it resolves to may be dialled. */
  hostNamed(hostname: string): boolean;
  /** True when this resolved address may be dialled although its host was not named. */
  addressAllowed(address: string): boolean;
}

/** `allow`: host names, addresses and networks (`10.0.0.0/8`). `origins`: base URLs that the operator configured. */
export function createEgressPolicy(allow: readonly string[], origins: readonly string[]): EgressPolicy {
  const hosts = new Set(origins.map((origin) => bare(new URL(origin).hostname)));
  const networks = new BlockList();
  for (const entry of allow) {
    const [address = '', prefix] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (isIP(address) === 0) hosts.add(bare(entry));
    else if (prefix === undefined) networks.addAddress(address, family);
    else networks.addSubnet(address, Number(prefix), family);
  }
  return {
    hostNamed: (hostname) => hosts.has(bare(hostname)),
    addressAllowed: (address) =>
      isPublicAddress(address) || networks.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4'),
  };
}

const bare = (hostname: string): string => hostname.toLowerCase().replace(/^\[|\]$|\.$/g, '');
