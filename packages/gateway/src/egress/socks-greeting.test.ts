import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { readProxyUrl, type ProxyAddress } from './proxy-url.ts';
import { socksGreeting } from './socks-greeting.ts';

const proxy = readProxyUrl('socks5://proxy.example.com') as ProxyAddress;

describe('a SOCKS request', () => {
  const TARGETS: Readonly<Record<string, string>> = {
    'api.example.com': '05010003 0f 6170692e6578616d706c652e636f6d 01bb',
    '93.184.216.34': '05010001 5db8d822 01bb',
    '2606:4700::1111': '05010004 26064700000000000000000000001111 01bb',
    '::1': '05010004 00000000000000000000000000000001 01bb',
    '64:ff9b::': '05010004 0064ff9b000000000000000000000000 01bb',
    '::ffff:1.2.3.4': '05010004 00000000000000000000ffff01020304 01bb',
    '1:2:3:4:5:6:7:8': '05010004 00010002000300040005000600070008 01bb',
  };
  for (const [hostname, bytes] of Object.entries(TARGETS))
    it(`names ${hostname} by its kind`, () => {
      const said = socksGreeting(proxy, { hostname, port: 443 }).understand(Buffer.of(5, 0));
      assert.equal(said.kind === 'say' ? said.bytes.toString('hex') : said.kind, bytes.replaceAll(' ', ''));
    });

  it('waits for the whole reply, whatever address is in it, and leaves what comes behind it', () => {
    for (const address of [
      [1, 9, 9, 9, 9],
      [3, 2, 65, 66],
      [4, ...Array.from({ length: 16 }, () => 7)],
    ]) {
      const greeting = socksGreeting(proxy, { hostname: 'h', port: 1 });
      greeting.understand(Buffer.of(5, 0));
      const reply = Buffer.of(5, 0, 0, ...address, 0, 80);
      for (let length = 1; length < reply.length; length += 1)
        assert.equal(greeting.understand(reply.subarray(0, length)).kind, 'more');
      assert.deepEqual(greeting.understand(Buffer.concat([reply, Buffer.from('more')])), {
        kind: 'open',
        used: reply.length,
      });
    }
  });
});
