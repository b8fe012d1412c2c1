import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import {
  aliasList,
  anyText,
  baseUrl,
  flag,
  hostList,
  oneOf,
  originList,
  secretText,
  span,
  wholeNumber,
  type Reader,
} from './readers.ts';

const valueOf = <T>(reader: Reader<T>, text: string): T | undefined => {
  const read = reader(text);
  return 'value' in read ? read.value : undefined;
};
const refuses = (reader: Reader<unknown>, texts: readonly string[]): void => {
  for (const text of texts) assert.ok('wanted' in reader(text), `${JSON.stringify(text)} is taken`);
};

describe('a whole number', () => {
  it('is taken from its least to its greatest', () => {
    assert.equal(valueOf(wholeNumber(1, 10), '1'), 1);
    assert.equal(valueOf(wholeNumber(1, 10), '10'), 10);
  });

  it('is refused outside of that and in any other spelling', () => {
    refuses(wholeNumber(1, 10), ['0', '11', '-1', '+1', '1.0', '1e0', '0x1', ' 1', '1_0', 'one', '', '9'.repeat(400)]);
    assert.deepEqual(wholeNumber(1, 10)('11'), { wanted: 'a whole number from 1 to 10' });
  });
});

describe('a word of a few', () => {
  it('is taken in any case and refused otherwise', () => {
    assert.equal(valueOf(oneOf('json', 'pretty'), 'JSON'), 'json');
    assert.deepEqual(oneOf('json', 'pretty')('xml'), { wanted: 'one of json, pretty' });
  });
});

describe('a flag', () => {
  it('is true, false, 1 or 0', () => {
    assert.deepEqual(
      ['true', '1', 'TRUE', 'false', '0'].map((text) => valueOf(flag, text)),
      [true, true, true, false, false],
    );
    refuses(flag, ['yes', 'on', '', '2']);
  });
});

describe('any text', () => {
  it('is taken as it is', () => assert.equal(valueOf(anyText, ' a b '), ' a b '));
});

describe('a secret', () => {
  it('is visible ASCII of a least length', () => {
    assert.equal(valueOf(secretText(3), 'a!~'), 'a!~');
    refuses(secretText(3), ['ab', 'a b', 'abc\n', 'ab\u00e9', 'ab\u0000', '']);
  });
});

describe('a base URL', () => {
  it('is kept without what a path could not follow', () => {
    assert.equal(valueOf(baseUrl, 'https://api.example.com/v1'), 'https://api.example.com/v1');
    assert.equal(valueOf(baseUrl, 'https://api.example.com/v1//'), 'https://api.example.com/v1');
    assert.equal(valueOf(baseUrl, 'http://127.0.0.1:11434'), 'http://127.0.0.1:11434');
    assert.equal(valueOf(baseUrl, 'http://[::1]:8080/'), 'http://[::1]:8080');
    assert.equal(valueOf(baseUrl, ' https://api.example.com/v1?\r'), 'https://api.example.com/v1');
    assert.equal(valueOf(baseUrl, 'https://api.example.com/v1#'), 'https://api.example.com/v1');
  });

  it('is refused with credentials, query, fragment, another scheme or no host', () => {
    refuses(baseUrl, [
      'https://canary-user@api.example.com',
      'https://:canary-password@api.example.com',
      'https://api.example.com?key=canary',
      'https://api.example.com/#canary',
      'ftp://api.example.com',
      'file:///etc/passwd',
      'api.example.com/v1',
      '/v1',
      '',
    ]);
  });

  it('is not repeated when it is refused', () => {
    const read = baseUrl('https://canary-user:canary-password@api.example.com');
    assert.ok('wanted' in read && !read.wanted.includes('canary'));
  });
});

describe('a list of hosts', () => {
  it('holds names, addresses and networks', () => {
    const text = 'localhost, 127.0.0.1 ,::1,10.0.0.0/8,fd00::/8,my_host.internal,,';
    assert.deepEqual(valueOf(hostList, text), [
      'localhost',
      '127.0.0.1',
      '::1',
      '10.0.0.0/8',
      'fd00::/8',
      'my_host.internal',
    ]);
    assert.deepEqual(valueOf(hostList, ''), []);
  });

  it('is refused for networks that are none, URLs and ports', () => {
    refuses(hostList, [
      '10.0.0.0/33',
      '::1/129',
      'localhost/8',
      '10.0.0.0/8/8',
      'http://localhost',
      'localhost:80',
      '*',
    ]);
  });

  it('names the entry that is wrong, but never one that could hold a password', () => {
    const wrong = hostList('localhost,10.0.0.0/33');
    assert.ok('wanted' in wrong && wrong.wanted.includes('`10.0.0.0/33`'));
    const proxy = hostList('localhost,http://user:canary-password@proxy.test');
    assert.ok('wanted' in proxy && !proxy.wanted.includes('canary') && proxy.wanted.includes('entry 2'));
  });
});

describe('a list of aliases', () => {
  it('gives each name its models in order', () => {
    assert.deepEqual(
      [...(valueOf(aliasList, 'fast=openai/gpt-5-mini | groq/llama-3, smart = openrouter/a/b:free') ?? [])],
      [
        ['fast', ['openai/gpt-5-mini', 'groq/llama-3']],
        ['smart', ['openrouter/a/b:free']],
      ],
    );
  });

  it('is refused for what is not like it', () => {
    refuses(aliasList, [
      'fast',
      'fast=',
      '=openai/a',
      'fast=openai',
      'fast=openai/a|',
      'a=openai/b,a=openai/c',
      'a=/b',
    ]);
    const wrong = aliasList('good=openai/a,bad=openai');
    assert.ok('wanted' in wrong && wrong.wanted.includes('`bad=openai`'));
  });
});

describe('a span', () => {
  const read = span(60, 86_400);

  it('is seconds, or a number with its unit', () => {
    for (const [text, value] of [
      ['900', 900],
      ['90s', 90],
      ['15m', 900],
      ['1h', 3600],
      ['1d', 86_400],
    ] as const)
      assert.deepEqual(read(text), { value }, text);
  });

  it('is nothing else, and neither shorter nor longer than allowed', () => {
    for (const text of ['', 'm', '1 h', '1w', '-60', '59', '25h', '1.5h', '99999999999'])
      assert.ok('wanted' in read(text), text);
  });
});

describe('a list of origins', () => {
  it('holds origins and nothing longer', () => {
    assert.deepEqual(originList('https://a.example, http://b.example:81'), {
      value: ['https://a.example', 'http://b.example:81'],
    });
    for (const text of ['*', 'a.example', 'https://a.example/', 'https://a.example/path'])
      assert.ok('wanted' in originList(text), text);
  });
});
