import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';

import { systemClock } from '@patchbay/llm/model/clock';

import { guardedConnect } from '../../src/egress/guarded-connect.ts';
import { createEgressPolicy } from '../../src/egress/policy.ts';
import { createReadDocument, type DocumentReading } from '../../src/generation/documents/read-document.ts';
import { DeadlineWheel } from '../../src/relay/deadline-wheel.ts';
import { loneExchange } from '../../src/relay/lone-exchange.ts';
import { docxOf, paragraph, pdfOf } from './documents-made.ts';

const NEVER = new AbortController().signal;

let server: Server;
let base: string;
/** What was asked for, in order. */
const asked: string[] = [];

const ANSWERS: Readonly<Record<string, RequestListener>> = {
  '/report.pdf': (_, response) => response.end(pdfOf([['From the web']])),
  '/report.docx': (_, response) => response.end(docxOf(paragraph('A letter'))),
  '/latin1': (_, response) =>
    response.setHeader('content-type', 'text/plain; charset=iso-8859-2').end(Buffer.from([0xb1, 0x20, 0xea])),
  '/rows': (_, response) => response.setHeader('content-type', 'text/csv').end('Sea;Depth\nBaltic;459'),
  '/packed': (_, response) => response.setHeader('content-encoding', 'gzip').end(gzipSync('unpacked')),
  '/bomb': (_, response) => response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(5_000_000))),
  '/odd': (_, response) => response.setHeader('content-encoding', 'lzma').end('x'),
  '/moved': (_, response) => response.writeHead(302, { location: '/report.pdf' }).end('moved'),
  '/round': (_, response) => response.writeHead(302, { location: '/round' }).end(),
  '/inside': (_, response) => response.writeHead(302, { location: 'http://127.0.0.2:1/metadata' }).end(),
  '/file': (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  '/signin': (_, response) => response.setHeader('content-type', 'text/html').end('<!doctype html><p>Sign in'),
  '/private': (_, response) => response.writeHead(403).end(),
  '/down': (_, response) => response.writeHead(503).end(),
  '/large': (_, response) => response.setHeader('content-length', 3_000_000).end(Buffer.alloc(3_000_000, 'a')),
  '/endless': (_, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536, 'a')));
    };
    response.on('drain', more);
    more();
  },
  '/cut': (_, response) => {
    response.setHeader('content-length', 100).write('half');
    setImmediate(() => response.destroy());
  },
  '/silent': () => undefined,
};

before(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization ?? ''}`.trim());
    const answer = ANSWERS[request.url ?? ''];
    if (answer === undefined) response.writeHead(404).end();
    else answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

function readBy(allow: readonly string[], more: Partial<DocumentReading> = {}) {
  const exchange = loneExchange(
    guardedConnect(createEgressPolicy(allow, []), systemClock),
    new DeadlineWheel(systemClock),
  );
  return createReadDocument({ exchange, clock: systemClock, bytesMax: 2_000_000, ...more });
}

const read = (path: string, more?: Partial<DocumentReading>, signal = NEVER) =>
  readBy(['127.0.0.1'], more)({ url: path.startsWith('/') ? base + path : path }, signal);

async function textAt(path: string): Promise<string> {
  const result = await read(path);
  assert.ok(result.ok, result.ok ? '' : result.failure.message);
  return result.value.text;
}

async function refusal(path: string, more?: Partial<DocumentReading>): Promise<string> {
  const result = await read(path, more);
  assert.ok(!result.ok, 'the document was read');
  return `${result.failure.kind} ${result.failure.path ?? '-'}: ${result.failure.message}`;
}

describe('documents on the web', { timeout: 60_000 }, () => {
  it('are read by their content, their kind and their encoding', async () => {
    assert.equal(await textAt('/report.pdf'), 'From the web');
    assert.equal(await textAt('/report.docx'), 'A letter');
    assert.equal(await textAt('/rows'), 'Sea: Baltic; Depth: 459');
    assert.equal(await textAt('/latin1'), 'ą ę');
    assert.equal(await textAt('/packed'), 'unpacked');
  });

  it('are followed to where they have moved', async () => {
    assert.equal(await textAt('/moved'), 'From the web');
    assert.match(await refusal('/round'), /invalid-request file_url: .*without end/);
    assert.equal(asked.filter((each) => each === '/round').length, 6);
  });

  it('are not fetched from private addresses, directly or after a redirect', async () => {
    const { length } = asked;
    const denied = await readBy([])({ url: `${base}/report.pdf` }, NEVER);
    assert.ok(!denied.ok);
    assert.deepEqual([denied.failure.kind, denied.failure.code], ['permission', 'EGRESS_DENIED']);
    assert.match(denied.failure.message, /EGRESS_ALLOW/);
    const byName = await readBy([])({ url: base.replace('127.0.0.1', 'localhost') }, NEVER);
    assert.equal(!byName.ok && byName.failure.code, 'EGRESS_DENIED');
    assert.equal(asked.length, length);
    assert.match(await refusal('/inside'), /permission file_url: .*private/);
  });

  it('are not taken from other schemes or with a password in the address', async () => {
    assert.match(await refusal('/file'), /not http or https/);
    assert.match(await refusal('file:///etc/passwd'), /invalid-request file_url: must be an address/);
    assert.match(await refusal('nonsense'), /must be an address/);
    assert.match(await refusal(base.replace('//', '//user:secret@')), /user or a password/);
  });

  it('say why they are not there', async () => {
    assert.match(await refusal('/nothing'), /invalid-request file_url: .*404: there is no document/);
    assert.match(await refusal('/private'), /403: it is not public/);
    assert.match(await refusal('/down'), /upstream -: .*503/);
    assert.match(await refusal('/odd'), /upstream -: .*packs/);
    assert.match(await refusal('/cut'), /upstream -: .*broke off/);
    assert.match(await refusal('http://127.0.0.1:1/x'), /upstream -: .*could not be reached \(ECONNREFUSED\)/);
    const page = await readBy(['127.0.0.1'])({ url: `${base}/signin`, type: 'pdf' }, NEVER);
    assert.match(page.ok ? '' : page.failure.message, /web page/);
    assert.equal(!page.ok && page.failure.path, 'file_url');
  });

  it('are taken only as far as they may be large', async () => {
    for (const path of ['/large', '/endless', '/bomb']) {
      assert.match(await refusal(path), /payload-too-large file_url: The document is larger than 2 MB/, path);
    }
  });

  it('are waited for only so long, and not when nobody wants them', async () => {
    assert.match(await refusal('/silent', { fetchTimeoutMs: 50 }), /timeout -: .*0\.05 seconds/);
    const caller = new AbortController();
    const reading = read('/silent', {}, caller.signal);
    caller.abort();
    const result = await reading;
    assert.equal(!result.ok && result.failure.kind, 'cancelled');
  });
});
