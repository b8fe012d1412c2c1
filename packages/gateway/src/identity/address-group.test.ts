import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { addressGroup, isLoopback } from './address-group.ts';

describe('a group of addresses', () => {
  it('is one IPv4 address, however it is written', () => {
    assert.equal(addressGroup('192.0.2.1'), '192.0.2.1');
    assert.equal(addressGroup('::ffff:192.0.2.1'), '192.0.2.1');
  });

  it('is the /64 network of an IPv6 address', () => {
    const same = [
      '2001:db8:0:7::1',
      '2001:DB8:0:7:ffff:ffff:ffff:ffff',
      '2001:0db8:0000:0007::',
      '2001:db8:0:7::1%eth0',
    ];
    for (const address of same) assert.equal(addressGroup(address), '2001:db8:0:7::/64', address);
    assert.equal(addressGroup('::1'), '0:0:0:0::/64');
    assert.notEqual(addressGroup('2001:db8:0:8::1'), addressGroup('2001:db8:0:7::1'));
  });

  it('is what there is where there is no address', () => assert.equal(addressGroup(''), ''));
});

describe('loopback', () => {
  it('is this machine and nothing that looks like it', () => {
    for (const address of ['127.0.0.1', '127.8.0.1', '::1', '::ffff:127.0.0.1'])
      assert.ok(isLoopback(address), address);
    for (const address of ['', '10.0.0.1', '128.0.0.1', '::2', '::ffff:10.0.0.1', '127.0.0.1.evil.example'])
      assert.ok(!isLoopback(address), address);
  });
});
