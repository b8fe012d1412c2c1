/** Providers as a small HTTP backend: the same function serves Node, Bun, Deno and workers. */
import { newProviderFactory, registerDefaultProviders } from '@patchbay/llm';
import { createBackend } from '@patchbay/llm/backend';
import { listen } from '@patchbay/llm/node';

const factory = newProviderFactory();
registerDefaultProviders(factory);
const backend = createBackend({
  providers: { simulator: factory.createProvider('simulator', { defaultModel: 'echo' }) },
  auth: { password: 'password-of-the-example' },
  cors: { allowedOrigins: ['https://app.example.com'] },
});

const server = await listen(backend, { port: 0 });
const ask = (headers: Record<string, string>): Promise<Response> =>
  fetch(`${server.url}/api/generate`, { method: 'POST', headers, body: JSON.stringify({ prompt: 'one two' }) });
console.log((await ask({})).status); // → 401
const answer = await ask({ authorization: 'Bearer password-of-the-example' });
const { success, data } = (await answer.json()) as { success: boolean; data: { content: string; provider: string } };
console.log(success, data.content, data.provider); // → true one two simulator
await server.close();
