import { BlockList, isIP } from 'node:net';

import { isPublicAddress } from './address.ts';

/** Decides which addresses the gateway may dial. Public ones always; others only when the operator named them. */
export interface EgressPolicy {
  /** True when `hostname` itself was named, so that whatever it resolves to may be dialled. */
  hostNamed(hostname: string): boolean;
  /** True when this resolved address may be dialled although its host was not named. */
  addressAllowed(address: string): boolean;
}

/**
 * `allow`: host names, addresses and networks (`10.0.0.0/8`). `origins`: base URLs that the operator configured.
 * Throws with a sentence for the operator when an entry is none of these.
 */
export function createEgressPolicy(allow: readonly string[], origins: readonly string[]): EgressPolicy {
  const hosts = new Set(origins.map(hostOf));
  const networks = new BlockList();
  for (const entry of allow) addEntry(entry, hosts, networks);
  return {
    hostNamed: (hostname) => hosts.has(bare(hostname)),
    addressAllowed: (address) => isPublicAddress(address) || networks.check(withoutZone(address), familyOf(address)),
  };
}

const NAME = /^[\w-]+(?:\.[\w-]+)*\.?$/;
/** URLs take such text for an IPv4 address, so that as a name it would never match. */
const ENDS_IN_NUMBER = /(?:^|\.)\d+\.?$/;

function addEntry(entry: string, hosts: Set<string>, networks: BlockList): void {
  const address = withoutZone(bare(entry));
  if (isIP(address) !== 0) networks.addAddress(address, familyOf(address));
  else if (NAME.test(entry) && !ENDS_IN_NUMBER.test(entry)) hosts.add(bare(entry));
  else addNetwork(entry, networks);
}

function addNetwork(entry: string, networks: BlockList): void {
  const [address = '', prefix = '', ...more] = entry.split('/');
  const family = familyOf(address);
  const longest = family === 'ipv6' ? 128 : 32;
  const plain = isIP(address) !== 0 && !address.includes('%') && more.length === 0;
  // An empty prefix would read as 0 and allow everything.
  if (!plain || !/^\d{1,3}$/.test(prefix) || Number(prefix) > longest) {
    throw new Error(
      `EGRESS_ALLOW: \`${entry}\` is no host name, address or network. ` +
        'Write it like ollama.internal, 10.0.0.5 or 10.0.0.0/8, without scheme and port.',
    );
  }
  networks.addSubnet(address, Number(prefix), family);
}

function hostOf(origin: string): string {
  const hostname = URL.canParse(origin) ? bare(new URL(origin).hostname) : '';
  if (hostname === '') {
    throw new Error('A provider’s base URL is not absolute. Write it like https://api.example.com/v1.');
  }
  return hostname;
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (address.includes(':') ? 'ipv6' : 'ipv4');

const withoutZone = (address: string): string => address.replace(/%[^/]*$/, '');

const bare = (hostname: string): string => hostname.toLowerCase().replace(/^\[|\]$|\.$/g, '');
