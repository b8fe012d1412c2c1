import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';

import { fetchExchange } from '@patchbay/llm/transport/fetch-exchange';

import { UsageError } from '../../command.ts';
import { proxyStdio } from './proxy-stdio.ts';

const PING = { jsonrpc: '2.0', id: 7, method: 'ping' };
const INITIALIZE = { ...PING, method: 'initialize' };

describe('the proxy on standard input and output', () => {
  let url: string;
  let answer = { status: 200, body: '' };
  let seen: { url: string; headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      seen.push({ url: request.url ?? '', headers: request.headers, body });
      response.writeHead(answer.status).end(answer.body);
    });
  });
  before(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => server.close());

  /** What is written for lines that come one after the other. */
  async function said(lines: readonly string[], environment: Record<string, string> = {}): Promise<readonly unknown[]> {
    seen = [];
    const output = new PassThrough();
    const input = Readable.from(lines.map((line) => `${line}\n`));
    const parts = { input, output, exchange: fetchExchange(), environment: { PATCHBAY_URL: url, ...environment } };
    assert.equal(await proxyStdio(parts), 0);
    output.end();
    return (await text(output))
      .split('\n')
      .filter((each) => each !== '')
      .map((each) => JSON.parse(each) as unknown);
  }

  it('passes messages on with the key, and answers back', async () => {
    const pong = { jsonrpc: '2.0', id: 7, result: {} };
    answer = { status: 200, body: JSON.stringify(pong) };
    assert.deepEqual(await said([JSON.stringify(PING), ''], { AIGATEWAY_API_KEY: 'of-theirs' }), [pong]);
    assert.deepEqual([seen[0]?.url, seen[0]?.headers.authorization], ['/mcp', 'Bearer of-theirs']);
    assert.deepEqual(JSON.parse(seen[0]?.body ?? ''), PING);
    await said([JSON.stringify(PING)], { PATCHBAY_URL: `${url}/mcp/` });
    assert.deepEqual([seen[0]?.url, seen[0]?.headers.authorization], ['/mcp', undefined]);
  });

  it('names the version that was agreed on from then on', async () => {
    const agreed = { jsonrpc: '2.0', id: 7, result: { protocolVersion: '2025-06-18' } };
    answer = { status: 200, body: JSON.stringify(agreed) };
    const input = new PassThrough();
    const output = new PassThrough();
    seen = [];
    const over = proxyStdio({ input, output, exchange: fetchExchange(), environment: { PATCHBAY_URL: url } });
    input.write(`${JSON.stringify(INITIALIZE)}\n`);
    await once(output, 'data');
    input.end(`${JSON.stringify(PING)}\n`);
    await over;
    const versions = seen.map(({ headers }) => headers['mcp-protocol-version']);
    assert.deepEqual(versions, [undefined, '2025-06-18']);
  });

  it('tells a refusal under the id of the request', async () => {
    const error = { code: -32000, message: 'no' };
    answer = { status: 401, body: JSON.stringify({ jsonrpc: '2.0', id: null, error }) };
    assert.deepEqual(await said([JSON.stringify(PING)]), [{ jsonrpc: '2.0', id: 7, error }]);
  });

  it('says nothing to notifications, and what is wrong with lines and gateways to others', async () => {
    answer = { status: 202, body: '' };
    assert.deepEqual(await said([JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })]), []);
    assert.equal(seen.length, 1);
    const messageOf = async (line: string, environment = {}): Promise<string> =>
      ((await said([line], environment)) as readonly { error: { message: string } }[])[0]?.error.message ?? '';
    assert.match(await messageOf('{'), /no message in JSON/);
    answer = { status: 404, body: '<html>' };
    assert.match(await messageOf(JSON.stringify(PING)), /answered with 404/);
    assert.match(await messageOf(JSON.stringify(PING), { PATCHBAY_URL: 'http://127.0.0.1:1' }), /could not be reached/);
    await assert.rejects(said([], { PATCHBAY_URL: 'gateway' }), UsageError);
  });
});
