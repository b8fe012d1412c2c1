import { pollDevice } from '@patchbay/llm/credentials/oauth/device-code';
import type { OAuthWay } from '@patchbay/llm/credentials/oauth/token-endpoint';
import { failed, ok } from '@patchbay/llm/model/failure';

import type { OAuthClient } from '@patchbay/llm/credentials/oauth/definition';
import { done, refused, type Circumstances } from '../handler.ts';
import { endWith } from './finish.ts';
import type { OAuthHandlers, OAuthParts } from './parts.ts';
import { wayOfSignIn } from './way-of-sign-in.ts';
import { endSignIn, findSignIn, postponePoll, takeSignIn, type KeptSignIn } from './sessions.ts';

/** How far a sign-in is. Where a code was given out for another device, this is what asks for its token, at its pace. */
export const signInStatus =
  (parts: OAuthParts): OAuthHandlers['oauth.status'] =>
  async ({ params: { state } }, circumstances) => {
    const found = await findSignIn(parts, state);
    const { principal } = circumstances;
    const isOthers = principal !== undefined && principal.role !== 'admin' && found?.row.createdBy !== principal.id;
    if (found === undefined || isOthers)
      return refused({ code: 'NOT_FOUND', message: 'No sign-in began with this state.' });
    const { device } = found.data;
    const isDue = device !== undefined && found.row.status === 'pending' && parts.clock.nowMs() >= device.askAgainAtMs;
    if (isDue && found.row.expiresAtMs > parts.clock.nowMs()) await askDevice(parts, found, { state, circumstances });
    const { row } = (await findSignIn(parts, state)) ?? found;
    const isOver = row.status === 'pending' && row.expiresAtMs <= parts.clock.nowMs();
    return done({
      state,
      status: isOver ? 'expired' : (STATUSES[row.status] ?? 'pending'),
      ...(row.accountId !== undefined && { account_id: row.accountId }),
      ...(row.error !== undefined && { error: row.error }),
    });
  };

const STATUSES: Readonly<Record<string, 'pending' | 'done' | 'failed'>> = {
  pending: 'pending',
  taken: 'pending',
  done: 'done',
  failed: 'failed',
};

interface Asking {
  readonly state: string;
  readonly circumstances: Circumstances;
}

/** One question for the token; of two who ask at once, one does. */
async function askDevice(parts: OAuthParts, found: KeptSignIn, { state, circumstances }: Asking): Promise<void> {
  const { device } = found.data;
  const claimed = device && (await postponePoll(parts, found, device.intervalMs));
  if (device === undefined || claimed === undefined) return;
  const setting = parts.clients.all().find(({ definition }) => definition.id === found.row.providerId);
  const way = setting && wayOfSignIn(parts, setting, claimed.data);
  const client = setting && (await parts.clients.clientOf(setting, way));
  if (way === undefined || client?.ok !== true) return;
  const polled = await poll(way, claimed, client.value, circumstances.signal);
  // What a connection does says nothing of the user: the next question may be answered.
  if (!polled.ok && polled.failure.kind !== 'authentication' && polled.failure.kind !== 'protocol') return;
  if (!polled.ok) return endSignIn(parts, claimed, { error: polled.failure.message });
  const answer = polled.value;
  if (answer.kind === 'pending') {
    if (answer.intervalMs !== device.intervalMs) await postponePoll(parts, claimed, answer.intervalMs);
    return;
  }
  const taken = await takeSignIn(parts, claimed, state);
  if (taken !== undefined) await endWith(parts, taken, circumstances, () => Promise.resolve(ok(answer.tokens)));
}

function poll(way: OAuthWay, { data }: KeptSignIn, client: OAuthClient, signal: AbortSignal) {
  const { device, verifier } = data;
  if (device === undefined) return Promise.resolve(failed({ kind: 'protocol', message: 'There is no device code.' }));
  return pollDevice(way, client, { deviceCode: device.code, verifier, intervalMs: device.intervalMs }, signal);
}
