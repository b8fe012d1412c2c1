import { randomBytes, randomUUID } from 'node:crypto';

import { ROLE_PERMISSIONS, roleOf } from '@patchbay/contract';
import { createSealer } from '@patchbay/llm/credentials/seal';
import { systemClock } from '@patchbay/llm/model/clock';
import type { Exchange } from '@patchbay/llm/transport/exchange';

import { encryptionKeys, JWT_SECRET_FILE, keptSecret } from '../../../config/data-dir.ts';
import type { Settings } from '../../../config/settings.ts';
import { createAccessTokens } from '../../../identity/access-tokens.ts';
import { newPepper } from '../../../identity/api-key.ts';
import { openStore } from '../../../storage/open-store.ts';
import { runningGateway, type RunningGateway } from '../../running-gateway.ts';

/** A gateway of this machine, and how one leaves it. */
export interface OwnGateway {
  readonly gateway: RunningGateway;
  close(): Promise<void>;
}

/** How long a session of the doctor lasts at most, in seconds. */
const SESSION_S = 120;
const HEALTH_MS = 1500;

/** Where a gateway of these settings listens. */
export function addressOf({ host, port }: Pick<Settings, 'host' | 'port'>): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

/** True when somebody answers `/health` there. */
export async function isAnswering(url: string, exchange: Exchange): Promise<boolean> {
  const request = { method: 'GET', url: `${url}/health`, headers: { accept: 'application/json' } };
  const sent = await exchange.send(request, AbortSignal.timeout(HEALTH_MS));
  if (!sent.ok) return false;
  for await (const chunk of sent.value.body) void chunk;
  return sent.value.status === 200;
}

/**
 * Signs in at the gateway that listens there by what only its owner has: the secret of its tokens and its store. The
 * session ends with `close`. `undefined` where there is no administrator to sign in as.
 */
export async function enterOwn(
  settings: Settings,
  dataDir: string,
  exchange: Exchange,
): Promise<OwnGateway | undefined> {
  const clock = systemClock;
  const secret = settings.management.jwtSecret ?? (await keptSecret(dataDir, JWT_SECRET_FILE, newPepper)).secret;
  const sealer = await createSealer(await encryptionKeys(settings.encryptionKeys, dataDir));
  const store = await openStore({ ...settings, dataDir, sealer, clock });
  const users = await store.rows.users.all({ status: 'active' });
  const user = users.find(({ role }) => roleOf(role) === 'admin');
  if (user === undefined) {
    await store.close();
    return undefined;
  }
  const sessionId = randomUUID();
  const issuedAtMs = clock.nowMs();
  const expiresAtMs = issuedAtMs + SESSION_S * 1000;
  const hash = randomBytes(32).toString('hex');
  const sessions = store.rows.refreshTokens;
  await sessions.insert({ id: randomUUID(), familyId: sessionId, userId: user.id, hash, issuedAtMs, expiresAtMs });
  const tokens = createAccessTokens({ secret, expiresInS: SESSION_S, clock });
  const { username } = user;
  const permissions = [...ROLE_PERMISSIONS.admin];
  const token = await tokens.sign({ userId: user.id, sessionId, username, role: 'admin', permissions });
  const gateway = runningGateway({ PATCHBAY_URL: addressOf(settings), PATCHBAY_API_KEY: token }, exchange);
  return (
    gateway && {
      gateway,
      close: async () => {
        await sessions.revokeFamily(sessionId, clock.nowMs());
        await store.close();
      },
    }
  );
}
