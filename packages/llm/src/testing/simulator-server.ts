import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import type { ArrivedRequest } from '../credentials/signers/verify-sigv4.ts';
import { systemClock, type Clock } from '../model/clock.ts';
import { simulatorHandler, type SimulatorHandler } from '../providers/simulator/handler.ts';

/** A request as it arrived at the simulator server. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** How the server behaves; everything is optional. */
export interface SimulatorServerOptions {
  readonly clock?: Clock;
  readonly random?: () => number;
  /** Overrules the script that a request's model names, e.g. to refuse one of two keys. */
  readonly scriptFor?: (request: ReceivedRequest) => string | undefined;
  /**
   * Accounts of Amazon's, as secrets by access key id: requests to Bedrock must then be signed by one of them or carry a
   * bearer token. Default: nobody's signature is looked at.
   */
  readonly amazonAccounts?: Readonly<Record<string, string>>;
}

/** A running simulator. `url` is a base URL with `/v1`; `requests` grows as requests arrive. */
export interface SimulatorServer {
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  close(): Promise<void>;
}

/** Serves the simulator on a free port of the loopback address. */
export async function startSimulatorServer(options: SimulatorServerOptions = {}): Promise<SimulatorServer> {
  const { clock = systemClock, random = () => 0.5, amazonAccounts } = options;
  const handler = simulatorHandler({ clock, random, ...(amazonAccounts && { amazonAccounts }) });
  const requests: ReceivedRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    void serve(incoming, outgoing, { handler, requests, scriptFor: options.scriptFor ?? (() => undefined) });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Serving {
  readonly handler: SimulatorHandler;
  readonly requests: ReceivedRequest[];
  readonly scriptFor: (request: ReceivedRequest) => string | undefined;
}

async function serve(incoming: IncomingMessage, outgoing: ServerResponse, serving: Serving): Promise<void> {
  const left = new AbortController();
  outgoing.on('close', () => left.abort());
  try {
    const request = await receive(incoming);
    serving.requests.push(request);
    const script = serving.scriptFor(request);
    const arrived = arrivedOf(incoming, request);
    const asked = { ...request, arrived, ...(script !== undefined && { script }) };
    const response = await serving.handler(asked, left.signal);
    if (!response) return void outgoing.destroy();
    outgoing.writeHead(response.status, response.headers);
    for await (const chunk of response.body) {
      if (!outgoing.write(chunk)) await once(outgoing, 'drain', { signal: left.signal });
    }
    outgoing.end();
  } catch (error) {
    // A caller that leaves is part of many tests; anything else must break the connection, not the process.
    outgoing.destroy(left.signal.aborted ? undefined : (error as Error));
  }
}

function arrivedOf(incoming: IncomingMessage, { method, headers, body }: ReceivedRequest): ArrivedRequest {
  const flat = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
  const url = `http://${incoming.headers.host ?? 'localhost'}${incoming.url ?? '/'}`;
  return { method, url, headers: Object.fromEntries(flat), body };
}

async function receive(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return {
    method: incoming.method ?? '',
    path: new URL(incoming.url ?? '/', 'http://localhost').pathname,
    headers: incoming.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}
