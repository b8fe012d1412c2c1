import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import type { AuthError } from '../../src/kit/auth.ts';
import { pollForToken, startDeviceCodeFlow, type DeviceCodeFlow } from '../../src/kit/device-code.ts';
import { systemClock } from '../../src/model/clock.ts';
import { TokenServer, type Answer } from './token-server.ts';

const TIMEOUT_MS = 30_000;
let server: TokenServer;
let sleptMs: number[];
let shiftMs: number;
/** Waits between two questions pass at once; limits of one request stand. */
const clock = {
  ...systemClock,
  nowMs: () => systemClock.nowMs() + shiftMs,
  sleep(ms: number, signal?: AbortSignal) {
    if (ms === TIMEOUT_MS) return systemClock.sleep(ms, signal);
    sleptMs.push(ms);
    shiftMs += ms;
    return Promise.resolve();
  },
};
const SAYS = (error: string): Answer => ({ status: 400, body: { error } });

const start = (): Promise<DeviceCodeFlow> =>
  startDeviceCodeFlow(
    {
      clientId: 'client',
      tokenUrl: `${server.url}/token`,
      deviceUrl: `${server.url}/device`,
      http: { timeout: TIMEOUT_MS },
    },
    { clock },
  );

before(async () => {
  server = await TokenServer.start();
});
after(() => server.close());
beforeEach(() => {
  server.told.length = 0;
  server.answers.length = 0;
  sleptMs = [];
  shiftMs = 0;
});

describe('Qwen: device code flow setup', () => {
  it('shows where to go and what to type in, and polls until somebody did', async () => {
    server.answers.push(SAYS('authorization_pending'), SAYS('authorization_pending'));
    const deviceCode = await start();
    assert.equal(deviceCode.verificationUrl, `${server.url}/activate`);
    assert.equal(deviceCode.userCode, 'ABCD-EFGH');
    assert.equal(deviceCode.interval, 5000);
    const token = await pollForToken(deviceCode.deviceCode);
    assert.match(token.accessToken ?? '', /^access-of-tests-/);
    assert.deepEqual(sleptMs, [5000, 5000, 5000]);
    const [asked, polled] = server.told;
    assert.equal(asked?.form['code_challenge_method'], 'S256');
    assert.equal(polled?.form['grant_type'], 'urn:ietf:params:oauth:grant-type:device_code');
    assert.match(polled?.form['code_verifier'] ?? '', /^[\w-]{128}$/);
  });

  it('asks five seconds less often each time that the server says slow_down', async () => {
    server.answers.push(SAYS('slow_down'), SAYS('slow_down'), SAYS('authorization_pending'));
    await pollForToken(await start());
    assert.deepEqual(sleptMs, [5000, 10_000, 15_000, 15_000]);
  });

  it('waits out trouble on the way', async () => {
    server.answers.push('reset', { status: 503, body: '' });
    const token = await pollForToken(await start());
    assert.match(token.accessToken ?? '', /^access-of-tests-/);
  });

  it('fails where the user says no, and where the code runs out', async () => {
    server.answers.push(SAYS('access_denied'));
    await assert.rejects(pollForToken(await start()), { code: 'oauth_flow_failed', message: /access_denied/ });
    server.answers.push(SAYS('expired_token'));
    await assert.rejects(pollForToken(await start()), { code: 'oauth_flow_failed', message: /Start again/ });
    server.answers.push(...Array.from({ length: 200 }, () => SAYS('authorization_pending')));
    await assert.rejects(pollForToken(await start()), { code: 'oauth_flow_failed', message: /ran out/ });
    assert.ok(server.told.length < 130);
  });

  it('ends when it is told to', async () => {
    const controller = new AbortController();
    const flow = await start();
    controller.abort();
    await assert.rejects(pollForToken(flow, controller.signal), { name: 'AbortError' });
    assert.equal(server.told.length, 1);
  });

  it('names the field that is missing', async () => {
    const error: unknown = await startDeviceCodeFlow().catch((thrown: unknown) => thrown);
    assert.equal((error as AuthError).code, 'invalid_config');
    assert.equal(
      String(error),
      'qwen authentication error: required field missing: clientId. Set it in the OAuth configuration (invalid_config)',
    );
  });
});
