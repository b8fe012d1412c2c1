import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Exchange } from '../transport/exchange.ts';

/** A request as it arrived. */
export interface ServedRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** An exchange behind a real port. */
export interface ServedExchange {
  /** Without a path. */
  readonly url: string;
  /** Grows as requests arrive. */
  readonly requests: readonly ServedRequest[];
  close(): Promise<void>;
}

/**
 * Serves an exchange on a free port of the loopback address, so that programs and other SDKs can be tested against it. Where
 * the exchange fails or its answer breaks, the connection breaks.
 */
export async function serveExchange(exchange: Exchange): Promise<ServedExchange> {
  const requests: ServedRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    const left = new AbortController();
    outgoing.on('close', () => left.abort());
    // Whoever leaves, and every fault, ends here: the connection breaks and the process goes on.
    answer(exchange, { incoming, outgoing, requests, signal: left.signal }).catch(() => outgoing.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Arriving {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly requests: ServedRequest[];
  readonly signal: AbortSignal;
}

async function answer(exchange: Exchange, { incoming, outgoing, requests, signal }: Arriving): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const { method = 'GET', url: path = '/', headers } = incoming;
  const body = Buffer.concat(chunks).toString('utf8');
  requests.push({ method, path, headers, body });
  const flat = Object.entries(headers).map(([name, value]) => [name, String(value)]);
  const url = `http://${headers.host ?? 'localhost'}${path}`;
  const asked = { method, url, headers: Object.fromEntries(flat) as Record<string, string>, body };
  const answered = await exchange.send(asked, signal);
  if (!answered.ok) return void outgoing.destroy();
  outgoing.writeHead(answered.value.status, answered.value.headers);
  outgoing.flushHeaders();
  for await (const chunk of answered.value.body) if (!outgoing.write(chunk)) await once(outgoing, 'drain', { signal });
  outgoing.end();
}
