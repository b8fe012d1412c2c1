import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Clock } from '@patchbay/llm/model/clock';

import { encodePprof, type Profile } from './encode-pprof.ts';
import { openProfiler, type Profiler } from './profiler.ts';

/** Profiles over HTTP. */
export interface ProfilingListener {
  readonly port: number;
  close(): Promise<void>;
}

export interface ProfilingParts {
  /** 0 takes a free one. */
  readonly port: number;
  /** Whether a request came from this machine by itself, and no page made a browser send it. */
  readonly isLocal: (request: IncomingMessage) => boolean;
  readonly clock: Clock;
}

/** Profiles show code and file names: they never leave the machine by themselves. */
const HOST = '127.0.0.1';
const SECONDS_MAX = 120;
const SECONDS = 30;

/**
 * Serves profiles at `/debug/pprof/` as `go tool pprof` asks for them, on the loopback address alone. Rejects with a
 * sentence that says what to do when the port cannot be had.
 */
export async function listenForProfiling({ port, isLocal, clock }: ProfilingParts): Promise<ProfilingListener> {
  const server = createServer();
  server.listen(port, HOST);
  try {
    await once(server, 'listening');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new Error(`Profiles cannot be served on port ${port} (${why}). Set PROFILING_PORT to a free one.`, {
      cause: error,
    });
  }
  // Sampling begins when there is somebody to ask for it: it is one for the whole process.
  const profiler = await openProfiler(clock);
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const serving = isLocal(request) ? serve(profiler, request, response) : refuse(response, 403, LOCAL_ONLY);
    void Promise.resolve(serving).catch((error: unknown) => refuse(response, 500, String(error)));
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      await profiler.close();
    },
  };
}

async function serve(profiler: Profiler, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', `http://${HOST}`);
  if (request.method !== 'GET') return refuse(response, 405, 'Profiles are read with GET.');
  if (/^\/debug\/pprof\/?$/.test(url.pathname)) return void response.setHeader('content-type', TEXT).end(INDEX);
  const name = url.pathname.replace('/debug/pprof/', '');
  if (name === 'heap' || name === 'allocs') return send(response, name, await profiler.heap());
  if (name === 'goroutine') return send(response, name, profiler.activity());
  if (name !== 'profile') return refuse(response, 404, INDEX);
  const seconds = Number(url.searchParams.get('seconds') ?? SECONDS);
  if (!(seconds > 0 && seconds <= SECONDS_MAX))
    return refuse(response, 400, `\`seconds\` must be a number above 0 and up to ${SECONDS_MAX}.`);
  const left = new AbortController();
  response.once('close', () => left.abort());
  const profile = await profiler.cpu(seconds, left.signal);
  if (profile === 'busy') return refuse(response, 409, 'Another profile is being taken. Ask again when it is done.');
  send(response, name, profile);
}

function send(response: ServerResponse, name: string, profile: Profile): void {
  const bytes = encodePprof(profile);
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename="${name}.pb.gz"`,
    'content-length': bytes.length,
    'x-content-type-options': 'nosniff',
  });
  response.end(bytes);
}

function refuse(response: ServerResponse, status: number, message: string): void {
  if (!response.headersSent) response.writeHead(status, { 'content-type': TEXT });
  response.end(`${message}\n`);
}

const TEXT = 'text/plain; charset=utf-8';
const LOCAL_ONLY = 'Profiles are for this machine alone.';
const INDEX = `Profiles of this process, for \`go tool pprof http://localhost:6060/debug/pprof/<name>\`:

heap       what is in memory, by where it was allocated
profile    where time goes; ?seconds= says for how long (${SECONDS}, at most ${SECONDS_MAX})
goroutine  what keeps the process alive: sockets, timers, files, by kind
`;
