import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { readResponseHead, type ResponseHead } from './response-head.ts';

/** The head of these lines, which must be legal. */
function head(...lines: readonly string[]): ResponseHead {
  const read = readResponseHead(lines.join('\r\n'));
  if (typeof read === 'string') assert.fail(`refused for ${read}`);
  return read;
}

const OK = 'HTTP/1.1 200 OK';

describe('the status line', () => {
  for (const [line, status] of [
    [OK, 200],
    ['HTTP/1.0 200 OK', 200],
    ['HTTP/1.1 200', 200],
    ['HTTP/1.1 200 ', 200],
    ['HTTP/1.1 429 Too\tMany  Requests \xfc', 429],
    ['HTTP/1.1 999 Denied', 999],
  ] as const)
    it(`is read from ${JSON.stringify(line)}`, () => assert.equal(head(line).status, status));

  for (const line of [
    '',
    'HTTP/1.1',
    'HTTP/1.1 ',
    'HTTP/1.1 20',
    'HTTP/1.1 2000 OK',
    'HTTP/1.1 099 Low',
    'HTTP/1.1 +20 OK',
    'HTTP/1.1  200 OK',
    'HTTP/1.1\t200 OK',
    'HTTP/1.1 200\tOK',
    'HTTP/1.2 200 OK',
    'HTTP/2 200 OK',
    'HTTP/11 200 OK',
    'http/1.1 200 OK',
    ' HTTP/1.1 200 OK',
    'ICY 200 OK',
    'GET / HTTP/1.1',
    '<html>',
  ])
    it(`is refused as ${JSON.stringify(line)}`, () => assert.equal(typeof readResponseHead(line), 'string'));
});

describe('headers', () => {
  it('have lower-case names and values without blanks around them', () => {
    const { headers } = head(OK, 'Content-Type:text/plain', 'X-Request-ID: \t a b\t c \t', 'eTag: ""', 'x-none:');
    assert.deepEqual(
      { ...headers },
      { 'content-type': 'text/plain', 'x-request-id': 'a b\t c', etag: '""', 'x-none': '' },
    );
  });

  it('keep every byte of a value that is not ASCII, also a no-break space at its edge', () => {
    assert.equal(head(OK, 'x-name: \xa0gr\xfc\xdf\x85\xa0').headers['x-name'], '\xa0gr\xfc\xdf\x85\xa0');
  });

  it('make a list of a name that comes again, however it is written', () => {
    const { headers } = head(OK, 'Set-Cookie: a=1', 'x: y', 'set-cookie: b=2', 'SET-COOKIE: c=3');
    assert.deepEqual({ ...headers }, { 'set-cookie': ['a=1', 'b=2', 'c=3'], x: 'y' });
  });

  it('may be called as members that every object has', () => {
    const { headers } = head(OK, 'constructor: a', '__proto__: b', 'constructor: c', '__Proto__: d', 'toString: e');
    assert.deepEqual(Object.entries(headers), [
      ['constructor', ['a', 'c']],
      ['__proto__', ['b', 'd']],
      ['tostring', 'e'],
    ]);
  });

  it('are not there unless the server sent them', () => {
    const { headers } = head(OK);
    for (const name of ['constructor', '__proto__', 'toString', 'valueOf']) assert.equal(headers[name], undefined);
  });

  it('may have any name and any number of names', () => {
    const names = Array.from({ length: 3000 }, (_, index) => `x-${index}-${'n'.repeat(index % 100)}`);
    for (let round = 0; round < 2; round += 1) {
      const { headers } = head(OK, ...names.map((name) => `${name.toUpperCase()}: ${name}`));
      assert.deepEqual(
        Object.entries(headers),
        names.map((name) => [name, name]),
      );
    }
    assert.equal(head(OK, "!#$%&'*+.^_`|~09azAZ-: v").headers["!#$%&'*+.^_`|~09azaz-"], 'v');
  });

  for (const [what, line] of [
    ['a line without a colon', 'x-a'],
    ['an empty line', ''],
    ['no name', ': a'],
    ['a blank before the colon', 'x-a : b'],
    ['a name with a blank', 'x a: b'],
    ['a name that is not ASCII', 'x-\xfc: b'],
    ['a folded line', ' b: c'],
    ['a line folded with a tab', '\tb'],
    ['a name in quotes', '"x": b'],
  ] as const)
    it(`are refused with ${what}`, () => {
      assert.equal(typeof readResponseHead([OK, 'x-before: 1', line, 'x-after: 2'].join('\r\n')), 'string');
      assert.equal(typeof readResponseHead([OK, 'x-before: 1', line].join('\r\n')), 'string');
    });

  for (const bad of ['\0', '\x01', '\x08', '\x0b', '\x0c', '\x1f', '\x7f', '\r', '\n'])
    it(`are refused with ${JSON.stringify(bad)} anywhere`, () => {
      for (const text of [
        `HTTP/1.1 200 O${bad}K`,
        `${OK}\r\nx${bad}: b`,
        `${OK}\r\nx:${bad}b`,
        `${OK}\r\nx: a${bad}b\r\ny: c`,
        `${OK}\r\nx: a${bad}`,
        `${OK}${bad}\r\nx: a`,
        `${bad}${OK}\r\nx: a`,
      ])
        assert.equal(typeof readResponseHead(text), 'string', JSON.stringify(text));
    });
});

describe('the body', () => {
  for (const [what, lines, body] of [
    ['has the length that is given', [OK, 'content-length: 17'], 17],
    ['may be empty', [OK, 'content-length: 0'], 0],
    ['may have a length with zeros before it', [OK, 'content-length: 0017'], 17],
    ['may have its length twice', [OK, 'content-length: 17', 'Content-Length: 17'], 17],
    ['may have its length twice in one line', [OK, 'content-length: 17 , 17,17'], 17],
    ['is chunked', [OK, 'transfer-encoding: chunked'], 'chunked'],
    ['is chunked, however that is written', [OK, 'Transfer-Encoding:  ChunKed '], 'chunked'],
    ['lasts until the connection closes', [OK], 'close'],
    ['is absent with 204, whatever the headers say', ['HTTP/1.1 204 No', 'content-length: 5'], 0],
    ['is absent with 304, whatever the headers say', ['HTTP/1.1 304 No', 'transfer-encoding: chunked'], 0],
    ['is absent with 1xx', ['HTTP/1.1 103 Early Hints', 'link: </a>'], 0],
  ] as const)
    it(what, () => assert.equal(head(...lines).body, body));

  for (const [what, ...lines] of [
    ['two lengths', 'content-length: 5', 'content-length: 6'],
    ['two lengths in one line', 'content-length: 5, 6'],
    ['two spellings of one length', 'content-length: 5', 'content-length: 05'],
    ['a negative length', 'content-length: -1'],
    ['a length with a sign', 'content-length: +1'],
    ['a hexadecimal length', 'content-length: 0x10'],
    ['a length with an exponent', 'content-length: 1e3'],
    ['a length with a fraction', 'content-length: 1.0'],
    ['an empty length', 'content-length:'],
    ['a length and a comma', 'content-length: 5,'],
    ['a comma', 'content-length: ,'],
    ['two numbers', 'content-length: 5 6'],
    ['a length no number can hold', 'content-length: 99999999999999999999'],
    ['a length and chunks', 'content-length: 5', 'transfer-encoding: chunked'],
    ['chunks and a length', 'transfer-encoding: chunked', 'content-length: 5'],
    ['another coding', 'transfer-encoding: gzip'],
    ['another coding before chunks', 'transfer-encoding: gzip, chunked'],
    ['another coding in another line', 'transfer-encoding: gzip', 'transfer-encoding: chunked'],
    ['chunks in chunks', 'transfer-encoding: chunked, chunked'],
    ['chunks in chunks in two lines', 'transfer-encoding: chunked', 'transfer-encoding: chunked'],
    ['no coding', 'transfer-encoding: identity'],
    ['an empty coding', 'transfer-encoding:'],
    ['nearly chunks', 'transfer-encoding: xchunked'],
  ] as const)
    it(`is refused with ${what}`, () => assert.equal(typeof readResponseHead([OK, ...lines].join('\r\n')), 'string'));
});

describe('the connection', () => {
  const LENGTH = 'content-length: 0';
  for (const [what, keepMs, ...lines] of [
    ['is kept for half a minute', 30_000, OK, LENGTH],
    ['is kept with chunks', 30_000, OK, 'transfer-encoding: chunked'],
    ['is not kept against its will', 0, OK, LENGTH, 'connection: close'],
    ['is not kept against its will among other words', 0, OK, LENGTH, 'Connection: x, Close'],
    ['is not kept against its will in a second line', 0, OK, LENGTH, 'connection: keep-alive', 'connection: close'],
    ['is not kept when the body lasts until its end', 0, OK, 'connection: keep-alive'],
    ['is kept a second less than is promised', 4000, OK, LENGTH, 'keep-alive: timeout=5'],
    ['is kept a second less than is promised, beside other hints', 4000, OK, LENGTH, 'Keep-Alive: max=9, Timeout=5'],
    ['is never kept longer than half a minute', 30_000, OK, LENGTH, 'keep-alive: timeout=600'],
    ['is not kept for a promise of a second', 0, OK, LENGTH, 'keep-alive: timeout=1'],
    ['is not kept for a promise of nothing', 0, OK, LENGTH, 'keep-alive: timeout=0'],
    ['is kept as long as others when the promise is none', 30_000, OK, LENGTH, 'keep-alive: timeout=soon'],
    ['of HTTP/1.0 is not kept', 0, 'HTTP/1.0 200 OK', LENGTH],
    ['of HTTP/1.0 is kept when it offers that', 30_000, 'HTTP/1.0 200 OK', LENGTH, 'connection: Keep-Alive'],
    [
      'of HTTP/1.0 is not kept with chunks, which it does not know',
      0,
      'HTTP/1.0 200 OK',
      'connection: keep-alive',
      'transfer-encoding: chunked',
    ],
  ] as const)
    it(what, () => assert.equal(head(...lines).keepMs, keepMs));
});
