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
