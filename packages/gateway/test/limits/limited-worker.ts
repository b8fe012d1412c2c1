import process from 'node:process';

import { openOnRedis, PATIENT, REDIS_URL } from '../coordination/engines.ts';
import { keyWith, startLimited } from './limited-gateway.ts';

/** A process with a gateway of its own: each message says how many calls to make at once, each answer how one of them went. */

const CENT = 10_000_000;
/** A thousand tokens at $10 a million; the prompt is free of cost in comparison. */
const BODY = JSON.stringify({
  model: 'openai/gpt-5',
  max_completion_tokens: 1000,
  messages: [{ role: 'user', content: 'hi' }],
});

if (process.send !== undefined) await serve(process.send.bind(process), process.argv[2] ?? '', process.argv[3] ?? '');

async function serve(answer: (status: number) => unknown, upstream: string, key: string): Promise<void> {
  const coordination = await openOnRedis(REDIS_URL, PATIENT);
  const caller = keyWith(key, { budgetNanoUsd: 100 * CENT, budgetPeriod: 'never' });
  const { url } = await startLimited(upstream, [caller], { limiter: coordination.limiter });
  const call = async (): Promise<void> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
    const response = await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body: BODY });
    await response.arrayBuffer();
    answer(response.status);
  };
  process.on('message', (calls: number) => {
    for (let each = 0; each < calls; each += 1) void call();
  });
  process.on('disconnect', () => process.exit());
  // It is ready.
  answer(0);
}
