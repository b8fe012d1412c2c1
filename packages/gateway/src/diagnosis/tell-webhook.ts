import type { Clock } from '@patchbay/llm/model/clock';
import type { Exchange } from '@patchbay/llm/transport/exchange';

import type { News } from './standing-watch.ts';

/** What a webhook is told with. */
export interface WebhookParts {
  readonly url: string;
  readonly exchange: Exchange;
  readonly clock: Clock;
  /** Name of this gateway's version, for whoever hears of several. */
  readonly version: string;
}

/** Tries, and the wait before each further one, in milliseconds. */
const TRIES = 3;
const WAIT_MS = 1000;
const ANSWER_MS = 10_000;

/** POSTs news as JSON; rejects when nobody took it, without naming the address, which may be a secret. */
export async function tellWebhook({ url, exchange, clock, version }: WebhookParts, news: News): Promise<void> {
  const body = JSON.stringify({
    event: 'doctor',
    version,
    timestamp: new Date(clock.nowMs()).toISOString(),
    found: news.found,
    resolved: news.resolved,
  });
  const request = { method: 'POST', url, headers: { 'content-type': 'application/json' }, body };
  let why = '';
  for (let made = 0; made < TRIES; made += 1) {
    if (made > 0) await clock.sleep(WAIT_MS * 2 ** made);
    const sent = await exchange.send(request, AbortSignal.timeout(ANSWER_MS));
    if (sent.ok) for await (const chunk of sent.value.body) void chunk;
    if (sent.ok && sent.value.status < 300) return;
    why = sent.ok ? `it answered with status ${sent.value.status}` : sent.failure.message;
  }
  throw new Error(`DOCTOR_WEBHOOK_URL did not take what the doctor found: ${why}`);
}
