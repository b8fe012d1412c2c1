import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as the upstream saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  readonly atMs: number;
  /** Resolves with the time at which the connection was closed before the answer was complete. */
  readonly closedEarly: Promise<number>;
}

export interface ScriptedUpstream {
  readonly url: string;
  readonly seen: SeenRequest[];
  /** Answers requests from now on; `number` counts from 0. */
  answer: (request: SeenRequest, response: ServerResponse, number: number) => void | Promise<void>;
  close(): Promise<void>;
}

/** A real HTTP server that keeps what it was sent and answers as the test says. */
export async function startUpstream(answer: ScriptedUpstream['answer']): Promise<ScriptedUpstream> {
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const closed = Promise.withResolvers<number>();
    response.on('close', () => {
      if (!response.writableFinished) closed.resolve(performance.now());
    });
    const seen: SeenRequest = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks),
      atMs: performance.now(),
      closedEarly: closed.promise,
    };
    upstream.seen.push(seen);
    await upstream.answer(seen, response, upstream.seen.length - 1);
  };
  const server = createServer((request, response) => void serve(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const upstream: ScriptedUpstream = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen: [],
    answer,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return upstream;
}

export const sendJson = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body));
};

export const sendSse = (response: ServerResponse, text: string | Buffer): void => {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  response.end(text);
};
