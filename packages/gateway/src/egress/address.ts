import { BlockList, isIP } from 'node:net';

/** IPv4 networks that are not the public internet: private, loopback, link-local, carrier, tests, multicast, reserved. */
const FORBIDDEN_V4: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];

/** IPv6: only 2000::/3 is given out at all, which leaves out loopback, mapped, private and link-local addresses. */
const FORBIDDEN_V6: readonly (readonly [network: string, prefix: number])[] = [
  ['::', 3],
  ['4000::', 2],
  ['8000::', 1],
  // Inside it: tunnels that carry IPv4 addresses of any kind, benchmarks, identifiers, documentation.
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

// One list for each family: in a shared one a rule for mapped addresses would hold for every IPv4 address too.
const forbiddenV4 = new BlockList();
for (const [network, prefix] of FORBIDDEN_V4) forbiddenV4.addSubnet(network, prefix, 'ipv4');
const forbiddenV6 = new BlockList();
for (const [network, prefix] of FORBIDDEN_V6) forbiddenV6.addSubnet(network, prefix, 'ipv6');

/** True for an address of the public internet; false for anything else, including text that is no address. */
export function isPublicAddress(address: string): boolean {
  // A zone (`fe80::1%eth0`) exists only on a link of this machine.
  if (address.includes('%')) return false;
  const family = isIP(address);
  if (family === 4) return !forbiddenV4.check(address, 'ipv4');
  return family === 6 && !forbiddenV6.check(address, 'ipv6');
}
