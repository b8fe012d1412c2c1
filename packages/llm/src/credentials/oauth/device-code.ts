import type { Clock } from '../../model/clock.ts';
import { failed, ok, type Failure, type Result } from '../../model/failure.ts';
import { Secret } from '../secret.ts';
import type { OAuthClient } from './definition.ts';
import { newPkce } from './pkce.ts';
import { askServer, type OAuthRequest, type OAuthWay } from './token-endpoint.ts';
import { readTokens, refusalOf } from './token-response.ts';
import type { Tokens } from './tokens.ts';

/** A sign-in on another device (RFC 8628). */
export interface DeviceSignIn {
  readonly deviceCode: Secret;
  /** Proves that who asks for the token is who asked for the code. */
  readonly verifier: Secret;
  /** What the user types in. */
  readonly userCode: string;
  /** Where; with the code in it where the server gives such an address. */
  readonly verificationUrl: string;
  readonly expiresAtMs: number;
  /** Shortest time between two questions, in milliseconds. */
  readonly intervalMs: number;
}

/** What became of one question for the token. `intervalMs`: ask no sooner than that again. */
export type DevicePoll =
  | { readonly kind: 'done'; readonly tokens: Tokens }
  | { readonly kind: 'pending'; readonly intervalMs: number };

const INTERVAL_MS = 5000;
const SLOW_DOWN_MS = 5000;
const LIFETIME_S = 600;
const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/** Asks for a code that the user types in elsewhere. */
export async function startDeviceSignIn(
  way: OAuthWay,
  client: OAuthClient,
  scopes: readonly string[],
  signal: AbortSignal,
): Promise<Result<DeviceSignIn>> {
  const { verifier, challenge } = await newPkce();
  const form = { scope: scopes.join(' '), code_challenge: challenge, code_challenge_method: 'S256' };
  const request: OAuthRequest = { to: 'device', form };
  const answer = await askServer(way, client, request, signal);
  if (!answer.ok) return answer;
  const { status, members, askedAtMs } = answer.value;
  if (status !== 200) return failed(refusalOf(answer.value, client, request));
  // Google calls the address `verification_url`.
  const { device_code: deviceCode, user_code: userCode, verification_url: google, interval, expires_in } = members;
  const url = members['verification_uri_complete'] ?? members['verification_uri'] ?? google;
  if (typeof deviceCode !== 'string' || typeof userCode !== 'string' || !isWebAddress(url)) return failed(NO_CODE);
  return ok({
    deviceCode: new Secret(deviceCode),
    verifier,
    userCode,
    verificationUrl: url,
    expiresAtMs: askedAtMs + positive(expires_in, LIFETIME_S) * 1000,
    intervalMs: Math.max(1000, positive(interval, INTERVAL_MS / 1000) * 1000),
  });
}

/** Asks once for the token. That the user said no, or took too long, is an `authentication` failure. */
export async function pollDevice(
  way: OAuthWay,
  client: OAuthClient,
  { deviceCode, verifier, intervalMs }: Pick<DeviceSignIn, 'deviceCode' | 'verifier' | 'intervalMs'>,
  signal: AbortSignal,
): Promise<Result<DevicePoll>> {
  const form = { device_code: deviceCode, code_verifier: verifier };
  const request: OAuthRequest = { to: 'token', grant: GRANT, form };
  const answer = await askServer(way, client, request, signal);
  if (!answer.ok) return answer;
  const { error } = answer.value.members;
  if (error === 'authorization_pending') return ok({ kind: 'pending', intervalMs });
  if (error === 'slow_down') return ok({ kind: 'pending', intervalMs: intervalMs + SLOW_DOWN_MS });
  const read = readTokens(answer.value, client, request);
  return read.ok ? ok({ kind: 'done', tokens: read.value }) : read;
}

/** Asks until the user has signed in, at the server's pace; ends with the code's own time or with `signal`. */
export async function waitForDevice(
  way: OAuthWay,
  client: OAuthClient,
  started: DeviceSignIn,
  signal: AbortSignal,
): Promise<Result<Tokens>> {
  const { clock }: { readonly clock: Clock } = way;
  let { intervalMs } = started;
  while (clock.nowMs() + intervalMs < started.expiresAtMs) {
    await clock.sleep(intervalMs, signal);
    if (signal.aborted) return failed({ kind: 'cancelled', message: 'The sign-in was cancelled.' });
    const polled = await pollDevice(way, client, { ...started, intervalMs }, signal);
    // A connection that fails means wait longer, not give up: the user may still be typing.
    if (!polled.ok && !PASSING.has(polled.failure.kind)) return polled;
    if (polled.ok && polled.value.kind === 'done') return ok(polled.value.tokens);
    intervalMs = polled.ok && polled.value.kind === 'pending' ? polled.value.intervalMs : intervalMs * 2;
  }
  return failed({ kind: 'authentication', code: 'expired_token', message: 'The code ran out. Begin again.' });
}

const PASSING: ReadonlySet<Failure['kind']> = new Set(['network', 'timeout', 'upstream', 'rate-limit']);

const NO_CODE: Failure = { kind: 'protocol', message: 'The authorization server answered without a device code.' };

/** People are sent there: nothing but a page may stand in it. */
const isWebAddress = (url: unknown): url is string =>
  typeof url === 'string' && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);

const positive = (value: unknown, otherwise: number): number =>
  typeof value === 'number' && value > 0 ? value : otherwise;
