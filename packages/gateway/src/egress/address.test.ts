import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { isPublicAddress } from './address.ts';

const PUBLIC = [
  '1.1.1.1',
  '8.8.8.8',
  '104.18.7.192',
  '172.15.255.255',
  '172.32.0.1',
  '100.63.255.255',
  '192.169.0.1',
  '223.255.255.255',
  '2606:4700::6810:84e5',
  '2a00:1450:4001:82f::200a',
  '2001:4860:4860::8888',
];

const NOT_PUBLIC = {
  'this host': '0.0.0.0',
  loopback: '127.0.0.1',
  'the end of loopback': '127.255.255.254',
  'private 10/8': '10.200.0.1',
  'private 172.16/12': '172.31.255.255',
  'private 192.168/16': '192.168.1.1',
  'the metadata service of clouds': '169.254.169.254',
  'carrier networks': '100.64.0.1',
  benchmarks: '198.19.0.1',
  documentation: '203.0.113.7',
  multicast: '224.0.0.1',
  broadcast: '255.255.255.255',
  'IPv6 loopback': '::1',
  'IPv6 unspecified': '::',
  'a mapped loopback address': '::ffff:127.0.0.1',
  'a mapped address in hexadecimal': '::ffff:7f00:1',
  'a mapped public address': '::ffff:8.8.8.8',
  'an address of NAT64': '64:ff9b::7f00:1',
  'private IPv6': 'fd12:3456::1',
  'link-local IPv6': 'fe80::1',
  'link-local IPv6 with a zone': 'fe80::1%eth0',
  'any zone': '2606:4700::1%eth0',
  '6to4, which carries IPv4': '2002:7f00:1::',
  'Teredo, which carries IPv4': '2001:0:7f00:1::',
  'IPv6 documentation': '2001:db8::1',
  'newer IPv6 documentation': '3fff::1',
  'IPv6 multicast': 'ff02::1',
  'what was never given out': '4000::1',
};

describe('public addresses', () => {
  for (const address of PUBLIC) it(`include ${address}`, () => assert.equal(isPublicAddress(address), true));

  for (const [what, address] of Object.entries(NOT_PUBLIC))
    it(`exclude ${what} (${address})`, () => assert.equal(isPublicAddress(address), false));

  for (const text of ['', 'localhost', '127.1', '0x7f000001', '[2606:4700::1]', '1.1.1.1/8', '1.1.1.1 '])
    it(`exclude the text "${text}", which is no address`, () => assert.equal(isPublicAddress(text), false));
});
