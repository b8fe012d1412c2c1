import { ok } from '@patchbay/llm/model/failure';
import type { Exchange } from '@patchbay/llm/transport/exchange';

import type { DeadlineWheel } from './deadline-wheel.ts';
import { fetchWhole } from './fetch-whole.ts';
import type { Upstream } from './upstream.ts';

/** Longest side question where nobody says, in milliseconds. */
const TIMEOUT_MS = 10_000;

/**
 * Lets an upstream stand where an exchange is wanted, for short side questions such as those for tokens: the answer is
 * taken whole, within `timeoutMs` (default ten seconds), whoever still waits for it, and without its headers.
 */
export const upstreamExchange = (upstream: Upstream, wheel: DeadlineWheel, timeoutMs = TIMEOUT_MS): Exchange => ({
  async send(request) {
    const answer = await fetchWhole(upstream, request, wheel, timeoutMs);
    return answer.ok ? ok({ status: answer.value.status, headers: {}, body: once(answer.value.body) }) : answer;
  },
});

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
