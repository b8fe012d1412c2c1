import { systemClock, type Clock } from '../model/clock.ts';
import { builtinModule } from '../transport/builtin-module.ts';
import type { ServerSettings } from './settings.ts';
import { toNodeListener, type NodeListener } from './node-listener.ts';

/** A backend that listens. */
export interface ListeningBackend {
  /** Where it can be reached, without a path. */
  readonly url: string;
  /** Takes no more connections, lets running answers come to their end for `shutdownTimeoutMs`, then breaks them. */
  close(): Promise<void>;
}

interface NodeServer {
  requestTimeout: number;
  headersTimeout: number;
  timeout: number;
  listen(port: number, host: string): void;
  address(): { readonly port: number } | string | null;
  once(event: 'listening' | 'error' | 'close', listener: (error: Error) => void): void;
  close(): void;
  closeIdleConnections(): void;
  closeAllConnections(): void;
}

/** Serves a backend with `node:http`. Throws where there is no such module, and what Node throws when the port is taken. */
export async function listen(
  handle: (request: Request) => Promise<Response>,
  settings: Partial<ServerSettings> = {},
  clock: Clock = systemClock,
): Promise<ListeningBackend> {
  const { host = '127.0.0.1', port = 8080, readTimeoutMs = 30_000, writeTimeoutMs = 0 } = settings;
  const http = builtinModule<{ createServer(listener: NodeListener): NodeServer }>('node:http');
  if (http === undefined) throw new TypeError('There is no node:http here. Give requests to the backend yourself.');
  const server = http.createServer(toNodeListener(handle));
  server.requestTimeout = readTimeoutMs;
  server.headersTimeout = readTimeoutMs;
  server.timeout = writeTimeoutMs;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', () => resolve());
    server.listen(port, host);
  });
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.once('close', () => resolve()));
      const over = new AbortController();
      server.close();
      server.closeIdleConnections();
      void clock.sleep(settings.shutdownTimeoutMs ?? 30_000, over.signal).then(() => server.closeAllConnections());
      await closed;
      over.abort();
    },
  };
}
