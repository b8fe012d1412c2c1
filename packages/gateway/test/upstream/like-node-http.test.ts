import assert from 'node:assert/strict';
import { request as nodeRequest } from 'node:http';
import { after, before, describe, it } from 'node:test';

import fc from 'fast-check';

import type { NetworkUpstream } from '../../src/relay/http1/http1-upstream.ts';
import { HeardExchange } from '../support/heard-exchange.ts';
import { loopbackUpstream } from '../support/loopback-upstream.ts';
import { startRawServer, type RawConnection, type RawServer } from '../support/raw-server.ts';

/** A response as it goes over the wire, and whether its end is the end of the connection. */
interface Wire {
  readonly bytes: Buffer;
  readonly cuts: readonly number[];
  readonly closes: boolean;
}

/** What a client reports of a response: headers by lower-case name with all their values, and the body as latin1. */
interface Report {
  readonly status: number;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: string;
}

let answer: Wire;
let server: RawServer;
let upstream: NetworkUpstream;

async function serve(connection: RawConnection): Promise<void> {
  for (;;) {
    await connection.request();
    const { bytes, cuts, closes } = answer;
    const places = [0, ...cuts.filter((at) => at < bytes.length).sort((a, b) => a - b), bytes.length];
    for (let at = 1; at < places.length; at += 1) {
      await connection.say(bytes.subarray(places[at - 1], places[at]));
      // The client has its turn, so that pieces are read as they are written.
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (closes) connection.socket.end();
  }
}

before(async () => {
  server = await startRawServer({ onConnection: (each) => void serve(each).catch(() => {}) });
  upstream = loopbackUpstream();
});
after(async () => {
  upstream.close();
  await server.close();
});

const url = (): string => `http://127.0.0.1:${server.port}/`;

async function ours(): Promise<Report> {
  const exchange = HeardExchange.begin(upstream, { method: 'GET', url: url(), headers: {} });
  assert.equal(await exchange.over(), 'end');
  const headers = Object.entries(exchange.headers).map(([name, value]) => [name, [value ?? []].flat()]);
  return {
    status: exchange.status,
    headers: fromEntries(headers as [string, string[]][]),
    body: exchange.body.toString('latin1'),
  };
}

function nodes(): Promise<Report> {
  return new Promise((resolve, reject) => {
    const request = nodeRequest(url(), { agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const headers = new Map<string, string[]>();
        const { rawHeaders } = response;
        for (let at = 0; at < rawHeaders.length; at += 2) {
          const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
          headers.set(name.toLowerCase(), [...(headers.get(name.toLowerCase()) ?? []), value]);
        }
        const body = Buffer.concat(chunks).toString('latin1');
        resolve({ status: response.statusCode ?? 0, headers: fromEntries([...headers]), body });
      });
    });
    request.on('error', reject);
    request.end();
  });
}

/** Without a prototype, so that a header `__proto__` is one. */
function fromEntries(entries: readonly (readonly [string, readonly string[]])[]): Report['headers'] {
  const record = Object.create(null) as Record<string, readonly string[]>;
  for (const [name, values] of entries) record[name] = values;
  return record;
}

const anyOf = (characters: string): fc.Arbitrary<string> => fc.constantFrom(...characters.split(''));

const NAME = fc.oneof(
  fc.constantFrom(
    'X-Request-Id',
    'content-type',
    'Set-Cookie',
    'set-cookie',
    '__proto__',
    'constructor',
    'Retry-After',
  ),
  fc.string({ unit: anyOf("abzAZ09!#$%&'*+.^_`|~-"), minLength: 1, maxLength: 12 }),
);
const TEXT = fc.string({ unit: anyOf('aZ09 \t,;:="\'/\\{}()<>\xa0\xfc\xff\x80'), maxLength: 30 });
const BLANKS = fc.string({ unit: fc.constantFrom(' ', '\t'), maxLength: 3 });
/** These say how the response is framed, or are drawn on their own. */
const FRAMING = /^(?:content-length|transfer-encoding|connection|keep-alive|trailer|upgrade)$/i;
const HEADERS = fc.array(
  fc
    .tuple(
      NAME.filter((name) => !FRAMING.test(name)),
      BLANKS,
      TEXT,
      BLANKS,
    )
    .map(([name, before_, text, behind]) => `${name}:${before_}${text}${behind}\r\n`),
  { maxLength: 12 },
);
const BODY = fc.uint8Array({ maxLength: 3000 });

const RESPONSE = fc
  .record({
    version: fc.constantFrom('1.1', '1.1', '1.0'),
    status: fc.constantFrom(200, 200, 201, 204, 304, 400, 404, 429, 500, 529),
    reason: fc.constantFrom('', ' ', ' OK', ' Not  Quite\t\xfc'),
    announcement: fc.constantFrom(
      '',
      '',
      'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n',
      'HTTP/1.1 100 Continue\r\n\r\n',
    ),
    headers: HEADERS,
    framing: fc.constantFrom('length', 'chunked', 'close'),
    connection: fc.constantFrom(
      '',
      '',
      'Connection: keep-alive\r\n',
      'connection: close\r\n',
      'Keep-Alive: timeout=1\r\n',
    ),
    body: BODY,
    sizes: fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 6 }),
    extension: fc.constantFrom('', ';a', ';a=b', ';a="b c"'),
    trailers: fc.constantFrom('', 'x-sum: 1\r\n', 'a: \xfc\r\nb:\r\n'),
    cuts: fc.array(fc.nat({ max: 3500 }), { maxLength: 6 }),
  })
  .map(({ cuts, ...drawn }): Wire => {
    const bodiless = drawn.status === 204 || drawn.status === 304;
    const framing = bodiless ? 'none' : drawn.framing;
    const line = `HTTP/${drawn.version} ${drawn.status}${drawn.reason}\r\n`;
    const head = line + drawn.headers.join('') + drawn.connection;
    const bytes = Buffer.concat([Buffer.from(drawn.announcement + head, 'latin1'), framed(framing, drawn)]);
    // A connection that neither side keeps is closed by the server: node's client waits for that.
    return {
      bytes,
      cuts,
      closes: framing === 'close' || drawn.version === '1.0' || drawn.connection.includes('close'),
    };
  });

function framed(
  framing: string,
  {
    body,
    sizes,
    extension,
    trailers,
  }: { body: Uint8Array; sizes: readonly number[]; extension: string; trailers: string },
): Buffer {
  if (framing === 'none') return Buffer.from('\r\n');
  if (framing === 'close') return Buffer.concat([Buffer.from('\r\n'), body]);
  if (framing === 'length') return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]);
  const parts: Uint8Array[] = [Buffer.from('Transfer-Encoding: chunked\r\n\r\n')];
  for (let at = 0, turn = 0; at < body.length; turn += 1) {
    const piece = body.subarray(at, at + (sizes[turn % sizes.length] as number));
    parts.push(Buffer.from(`${piece.length.toString(16)}${extension}\r\n`), piece, Buffer.from('\r\n'));
    at += piece.length;
  }
  return Buffer.concat([...parts, Buffer.from(`0${extension}\r\n${trailers}\r\n`, 'latin1')]);
}

describe('an answer', { timeout: 60_000 }, () => {
  it('is what the client of Node reports, for anything legal, over connections that are used again', async () => {
    await fc.assert(
      fc.asyncProperty(RESPONSE, async (wire) => {
        answer = wire;
        const [theirs, ourOwn] = [await nodes(), await ours()];
        assert.deepEqual(ourOwn, theirs, JSON.stringify(wire.bytes.toString('latin1')));
      }),
      { numRuns: 300 },
    );
  });
});
