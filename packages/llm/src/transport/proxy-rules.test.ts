import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { proxyRules, readProxyTarget, type ProxyRules } from './proxy-rules.ts';

const chosen = (rules: ProxyRules, url: string): string | undefined => proxyRules(rules)(new URL(url))?.url;

describe('proxyRules', () => {
  it('chooses by the scheme of the address', () => {
    const env = { HTTPS_PROXY: 'http://secure:1', HTTP_PROXY: 'http://plain:2' };
    assert.equal(chosen({ env }, 'https://api.openai.com/v1'), 'http://secure:1');
    assert.equal(chosen({ env }, 'http://localhost:11434/'), 'http://plain:2');
    assert.equal(chosen({ env: { HTTP_PROXY: 'http://plain:2' } }, 'https://api.openai.com/v1'), undefined);
    assert.equal(chosen({ env: { ALL_PROXY: 'socks5://all:3' } }, 'https://api.openai.com/v1'), 'socks5://all:3');
    assert.equal(chosen({}, 'https://api.openai.com/v1'), undefined);
  });

  it('takes lower case first, and what is given before all', () => {
    const env = { https_proxy: 'http://lower:1', HTTPS_PROXY: 'http://upper:1' };
    assert.equal(chosen({ env }, 'https://a.example'), 'http://lower:1');
    assert.equal(chosen({ env: { ...env, https_proxy: '' } }, 'https://a.example'), 'http://upper:1');
    assert.equal(chosen({ env, proxy: 'http://given:1' }, 'https://a.example'), 'http://given:1');
  });

  it('leaves out what NO_PROXY names', () => {
    const direct = (noProxy: string, url: string): boolean =>
      chosen({ proxy: 'http://proxy:1', env: { NO_PROXY: noProxy } }, url) === undefined;
    const rows: readonly (readonly [list: string, url: string, isDirect: boolean])[] = [
      ['*', 'https://anything.example', true],
      ['a.example, *', 'https://anything.example', true],
      ['example.com', 'https://example.com/', true],
      ['example.com', 'https://api.example.com/', true],
      ['.example.com', 'https://api.example.com/', true],
      ['*.example.com', 'https://api.example.com/', true],
      ['EXAMPLE.com', 'https://Api.Example.COM./', true],
      ['example.com', 'https://notexample.com/', false],
      ['api.example.com', 'https://example.com/', false],
      ['a.example b.example,c.example', 'https://b.example/', true],
      ['example.com:8443', 'https://example.com:8443/', true],
      ['example.com:8443', 'https://example.com/', false],
      ['example.com:443', 'https://example.com/', true],
      ['example.com:80', 'http://example.com/', true],
      ['10.0.0.7', 'http://10.0.0.7:8080/', true],
      ['10.0.0.7', 'http://10.0.0.70/', false],
      ['[::1]', 'http://[::1]:8080/', true],
      ['::1', 'http://[::1]:8080/', true],
      ['[::1]:8080', 'http://[::1]:8080/', true],
      ['[::1]:9090', 'http://[::1]:8080/', false],
      ['', 'https://example.com/', false],
      [' , ', 'https://example.com/', false],
    ];
    for (const [list, url, isDirect] of rows) assert.equal(direct(list, url), isDirect, `${list} ${url}`);
    const own = { proxy: 'http://proxy:1', env: { NO_PROXY: '*' }, noProxy: 'other.example' };
    assert.equal(chosen(own, 'https://example.com/'), 'http://proxy:1');
  });

  it('says which variable holds no proxy, without its password', () => {
    for (const HTTPS_PROXY of [
      'ftp://me:canary@proxy',
      'http://',
      'http://me:canary%zz@proxy',
      'http://me:canary@proxy:x',
    ])
      assert.throws(
        () => proxyRules({ env: { HTTPS_PROXY } }),
        (error: unknown) =>
          error instanceof RangeError &&
          error.message.startsWith("HTTPS_PROXY is no proxy's URL. Write it like http://user:password@") &&
          !error.message.includes('canary'),
        HTTPS_PROXY,
      );
  });
});

describe('readProxyTarget', () => {
  it('reads scheme, place and login', () => {
    const { username, password, ...rest } = readProxyTarget('http://us%25er:p%3Ass@proxy:8080/', 'proxy');
    assert.deepEqual(rest, { protocol: 'http', url: 'http://proxy:8080' });
    assert.deepEqual([username, password], ['us%er', 'p:ss']);
    assert.equal(readProxyTarget('proxy:3128', 'proxy').url, 'http://proxy:3128');
    assert.equal(readProxyTarget('socks5h://proxy', 'proxy').url, 'socks5://proxy:1080');
    assert.equal(readProxyTarget('https://[::1]:8443', 'proxy').url, 'https://[::1]:8443');
  });
});
