import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import type { ClientOptions } from '@patchbay/llm/client/create-client';
import type { ProviderRecord } from '@patchbay/llm/providers/define-provider';
import { PROVIDERS } from '@patchbay/llm/providers/registry';

/** Every provider at `url`, except those named `dead`, where nobody listens; each has one key, `<id>-key`. */
export function optionsAt(url: string, { dead = [], deadUrl }: DeadOnes): ClientOptions {
  const records: readonly ProviderRecord[] = [PROVIDERS.openai, PROVIDERS.anthropic, PROVIDERS.gemini];
  return {
    providers: records.map((record) => ({ ...record, baseUrl: dead.includes(record.id) ? deadUrl : url })),
    credentials: Object.fromEntries(records.map(({ id }) => [id, `${id}-key`])),
    random: () => 0,
  };
}

interface DeadOnes {
  readonly dead?: readonly string[];
  readonly deadUrl: string;
}

/** A loopback address where nobody listens any more. */
export async function deadAddress(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}/v1`;
}

/** A server that answers every request with what `answer` makes of its path and body, as JSON. */
export async function startAnswering(
  answer: (path: string, body: Record<string, unknown>) => object,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer(request.url ?? '', body)));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** OpenAI's answer with a vector for each text: its length, and a half. */
export const vectorsOf = (body: Record<string, unknown>): object => ({
  object: 'list',
  model: body['model'],
  data: (body['input'] as string[]).map((text, index) => ({
    object: 'embedding',
    index,
    embedding: [text.length, 0.5],
  })),
  usage: { prompt_tokens: 5, total_tokens: 5 },
});
