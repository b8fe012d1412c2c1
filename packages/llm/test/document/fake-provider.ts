import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it arrived. */
export interface Arrived {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** Resolves when the connection of this request is closed by the caller before its answer ended, or when it ended. */
  readonly closed: Promise<'left' | 'answered'>;
}

/** What a fake does with one request. */
export type Answer = (response: ServerResponse, request: Arrived) => void | Promise<void>;

/** A real server on a free port that answers as the test says. */
export interface FakeProvider {
  readonly url: string;
  readonly requests: readonly Arrived[];
  close(): Promise<void>;
}

/** Starts a fake provider; `answer` sees every request. */
export async function startFake(answer: Answer): Promise<FakeProvider> {
  const requests: Arrived[] = [];
  const server: Server = createServer((incoming, response) => void serve(incoming, response));
  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const closed: Arrived['closed'] = once(response, 'close').then(() =>
      response.writableFinished ? 'answered' : 'left',
    );
    const { method = '', url = '', headers } = incoming;
    const request = { method, path: url, headers, body: Buffer.concat(chunks).toString('utf8'), closed };
    requests.push(request);
    await answer(response, request);
  }
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

/** Answers with JSON. */
export const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) =>
  void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

/** A whole answer in OpenAI's shape. */
export const chatAnswer = (text: string, more: object = {}): object => ({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: 'gpt-4o',
  choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
  ...more,
});

/** The beginning of a streamed answer in OpenAI's shape: headers and these words. */
export function beginSse(response: ServerResponse, words: readonly string[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const content of words)
    response.write(sse({ choices: [{ index: 0, delta: { content }, finish_reason: null }] }));
}

/** The end of such an answer. */
export function endSse(response: ServerResponse): void {
  response.write(sse({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }));
  response.write(sse({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } }));
  response.end('data: [DONE]\n\n');
}

const sse = (chunk: object): string =>
  `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_700_000_000, model: 'gpt-4o', ...chunk })}\n\n`;

/** All chunks of a stream, read as the documentation reads them: by `next()` until one is done. */
export async function drain<Chunk extends { readonly done: boolean }>(stream: {
  next(): Promise<Chunk>;
  close(): Promise<void>;
}): Promise<readonly Chunk[]> {
  const chunks: Chunk[] = [];
  try {
    for (;;) {
      const chunk = await stream.next();
      chunks.push(chunk);
      if (chunk.done) return chunks;
    }
  } finally {
    await stream.close();
  }
}
