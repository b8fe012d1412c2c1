import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { startProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { BY_HAND } from './databases-by-hand.ts';
import { askOf, type Answered, type Sent } from './management-gateway.ts';

const PASSWORD = 'canary-password-of-the-capture';

/** Whose calls are kept, by what the operator says and what their keys say. */
const CASES: readonly (readonly [
  what: string,
  settings: Readonly<Record<string, string>>,
  kept: Readonly<Record<'inherit' | 'on' | 'off', boolean>>,
])[] = [
  ['all are', { CAPTURE_PAYLOADS: 'all' }, { inherit: true, on: true, off: false }],
  ['none are', {}, { inherit: false, on: false, off: false }],
  ['those are whose keys ask for it', { CAPTURE_BY_KEYS: 'true' }, { inherit: false, on: true, off: false }],
  [
    'failed ones are, and those whose keys ask for it',
    { CAPTURE_PAYLOADS: 'errors', CAPTURE_BY_KEYS: 'true' },
    { inherit: false, on: true, off: false },
  ],
];

for (const { name, skip, open } of BY_HAND)
  for (const [what, settings, kept] of CASES)
    describe(`keys of a gateway on ${name} where ${what} kept`, { skip, timeout: 60_000 }, () => {
      it('keep the bodies of their calls as they say, from the next call on', async () => {
        const hand = await open();
        let gateway: GatewayProcess | undefined;
        try {
          gateway = await startProcess({
            ...hand.environment,
            ...settings,
            ADMIN_PASSWORD: PASSWORD,
            RATE_LIMIT_ENABLED: 'false',
          });
          const { url } = gateway;
          const ask = (route: string, sent?: Sent): Promise<Answered> => askOf(url, route, sent);
          const login = await ask('POST /api/v1/auth/login', { body: { username: 'admin', password: PASSWORD } });
          const token: string = login.json.token;
          const made = await ask('POST /api/v1/api-keys', { token, body: { label: 'one' } });
          assert.deepEqual([made.status, made.json.capture], [201, 'inherit'], made.text);
          for (const capture of ['on', 'off', 'inherit'] as const) {
            const changed = await ask(`PUT /api/v1/api-keys/${made.json.id}`, { token, body: { capture } });
            assert.deepEqual([changed.status, changed.json.capture], [200, capture], changed.text);
            const body = { model: 'simulator/echo', messages: [{ role: 'user', content: 'hello' }] };
            const called = await ask('POST /v1/chat/completions', { token: made.json.key, body });
            assert.equal(called.status, 200, called.text);
            const requestId = called.headers.get('x-request-id') ?? '';
            assert.equal(await isKept(ask, token, requestId, kept[capture]), kept[capture], capture);
          }
        } finally {
          await gateway?.stop();
          await gateway?.remove();
          await hand.drop();
        }
      });
    });

/** Bodies are written a moment after their call: what is expected is waited for, its absence for half a second. */
async function isKept(
  ask: (route: string, sent?: Sent) => Promise<Answered>,
  token: string,
  requestId: string,
  isExpected: boolean,
): Promise<boolean> {
  for (let tries = 0; tries < (isExpected ? 100 : 10); tries += 1) {
    const { status } = await ask(`GET /api/v1/logs/${requestId}/payloads`, { token });
    if (status === 200) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}
