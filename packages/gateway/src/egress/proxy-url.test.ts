import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';

import { basicLogin, proxyKey, socksLogin } from './proxy-login.ts';
import { maskedProxyUrl, readProxyUrl, type ProxyAddress } from './proxy-url.ts';

function read(text: string): ProxyAddress {
  const address = readProxyUrl(text);
  assert.ok(address, text);
  return address;
}

const MASKED: Readonly<Record<string, string>> = {
  'http://username:canary@proxy.example.com:8080': 'http://username:***@proxy.example.com:8080',
  'https://proxy.example.com:8080': 'https://proxy.example.com:8080',
  'socks5://proxy.example.com:1080': 'socks5://proxy.example.com:1080',
  'SOCKS5://user:canary@HOST/': 'socks5://user:***@host:1080',
  'http://user@[2001:DB8::1]:3128': 'http://user@[2001:db8::1]:3128',
  'http://a%40b:c%3Acanary@127.1': 'http://a%40b:***@127.0.0.1:80',
  'socks5://user:@proxy.example.com:80': 'socks5://user:***@proxy.example.com:80',
  'https://proxy.example.com': 'https://proxy.example.com:443',
};

const REFUSED = [
  '',
  'proxy.example.com:8080',
  'ftp://proxy.example.com',
  'socks4://proxy.example.com:1080',
  'socks5h://proxy.example.com:1080',
  'http://',
  'http://:8080',
  'http://proxy.example.com:0',
  'http://proxy.example.com:65536',
  'http://proxy.example.com:http',
  'http://proxy.example.com/path',
  'http://proxy.example.com?x=1',
  'http://user:p@ss@proxy.example.com',
  'http://:password@proxy.example.com',
  'http://%zz:password@proxy.example.com',
  'http://a%3Ab:password@proxy.example.com',
  `socks5://${'a'.repeat(256)}:b@proxy.example.com`,
  'http://proxy example.com',
  'http://proxy.example.com:80\r\nx: y',
  'http://[::1',
  'http://1.2.3.999',
];

describe('the URL of a proxy', () => {
  for (const [url, masked] of Object.entries(MASKED))
    it(`is shown as ${masked}`, () => {
      assert.equal(maskedProxyUrl(read(url)), masked);
      assert.doesNotMatch(inspect(read(url), { depth: 9 }), /canary/);
    });

  for (const url of REFUSED)
    it(`is refused as ${JSON.stringify(url).slice(0, 60)}`, () => assert.equal(readProxyUrl(url), undefined));

  it('gives its login as each protocol wants it, decoded', () => {
    const proxy = read('http://us%25er:p%3Aw@h');
    assert.equal(basicLogin(proxy), `Basic ${Buffer.from('us%er:p:w').toString('base64')}`);
    assert.deepEqual(socksLogin(proxy), Buffer.from('\x01\x05us%er\x03p:w', 'latin1'));
    assert.equal(basicLogin(read('http://h')), undefined);
    assert.equal(socksLogin(read('http://h')), undefined);
  });

  it('has one key for each login of each proxy, which tells nothing', () => {
    const urls = ['http://a:1@h', 'http://a:2@h', 'http://a@h', 'http://h', 'https://h', 'http://h:81', 'socks5://h'];
    assert.equal(new Set(urls.map((url) => proxyKey(read(url)))).size, urls.length);
    assert.equal(proxyKey(read('http://a:1@H:80/')), proxyKey(read('http://a:1@h')));
  });
});
