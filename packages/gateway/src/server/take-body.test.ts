import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';

import { takeBody, type TakenBody } from './take-body.ts';

const LIMIT_BYTES = 6 * 1024 * 1024;

let server: Server;
let taken: ((body: TakenBody) => void) | undefined;

before(async () => {
  server = createServer((incoming, response) =>
    takeBody(incoming, LIMIT_BYTES, (body) => {
      taken?.(body);
      response.end();
    }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

after(() => {
  server.closeAllConnections();
  server.close();
});

/** What is taken of a body that is sent in pieces of the given lengths. */
function send(pieces: readonly Buffer[], headers: Record<string, string | number> = {}): Promise<TakenBody> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve) => {
    taken = resolve;
    const sending = request({ host: '127.0.0.1', port, method: 'POST', headers });
    // A body that is refused is not read to its end.
    sending.on('error', () => undefined).on('response', (response) => response.resume());
    for (const piece of pieces) sending.write(piece);
    sending.end();
  });
}

/** So many bytes, none of which tells nothing about its place. */
const numbered = (bytes: number): Buffer => {
  const words = new Uint32Array(Math.ceil(bytes / 4));
  for (let at = 0; at < words.length; at += 1) words[at] = at;
  return Buffer.from(words.buffer).subarray(0, bytes);
};

const cut = (bytes: Buffer, pieceBytes: number): Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, at) =>
    bytes.subarray(at * pieceBytes, (at + 1) * pieceBytes),
  );

describe('takes every byte', () => {
  for (const bytes of [0, 1, 70_000, 1024 * 1024, 1024 * 1024 + 1, 5_000_003, LIMIT_BYTES]) {
    for (const pieceBytes of [1000, 300_000, LIMIT_BYTES]) {
      it(`of ${bytes}, in pieces of ${pieceBytes}, announced or not`, async () => {
        const whole = numbered(bytes);
        for (const headers of [{}, { 'content-length': bytes }]) {
          const body = await send(cut(whole, pieceBytes), headers);
          assert.ok(Buffer.isBuffer(body));
          assert.equal(body.length, bytes);
          assert.equal(Buffer.compare(body, whole), 0);
        }
      });
    }
  }
});

it('keeps a long body that was announced alone in its memory', async () => {
  const body = await send([numbered(1_500_000)], { 'content-length': 1_500_000 });
  assert.ok(Buffer.isBuffer(body));
  assert.equal(body.buffer.byteLength, body.length);
});

it('refuses a body over the limit, announced or grown', async () => {
  const whole = numbered(LIMIT_BYTES + 1);
  assert.equal(await send([whole], { 'content-length': whole.length }), 'too-large');
  assert.equal(await send(cut(whole, 100_000)), 'too-large');
});
