import type { Failure } from '../../model/failure.ts';
import type { Exchange } from '../../transport/exchange.ts';
import { AuthError } from '../auth-error.ts';
import { startDeviceSignIn, waitForDevice, type DeviceSignIn } from '../oauth/device-code.ts';
import type { OAuthWay } from '../oauth/token-endpoint.ts';
import { storedOf } from '../stores/stored-token.ts';
import type { StoredToken } from '../stores/token-storage.ts';
import { withDeadline } from '../with-deadline.ts';
import { flowError } from './auth-failure.ts';
import { wayOf, type AuthenticatorParts } from './authorization-way.ts';
import { needs, settingsOf, type OAuthConfig, type OAuthSettings } from './oauth-config.ts';

const NO_SIGNAL = new AbortController().signal;

/** A sign-in on another device that waits for somebody to type in a code (RFC 8628). */
export class DeviceCodeFlow {
  /** Where the user goes, and what is typed in there. */
  readonly verificationUrl: string;
  readonly userCode: string;
  readonly expiresAt: Date;
  /** Shortest time between two questions, in milliseconds. The server may ask for more. */
  readonly interval: number;
  readonly #settings: OAuthSettings;
  readonly #way: OAuthWay;
  readonly #started: DeviceSignIn;

  constructor(settings: OAuthSettings, way: OAuthWay, started: DeviceSignIn) {
    this.verificationUrl = started.verificationUrl;
    this.userCode = started.userCode;
    this.expiresAt = new Date(started.expiresAtMs);
    this.interval = started.intervalMs;
    this.#settings = settings;
    this.#way = way;
    this.#started = started;
  }

  /** The flow itself: whoever polls needs more than the bare code, such as the proof that it is ours. */
  get deviceCode(): this {
    return this;
  }

  /**
   * Asks at the server's pace until the user has signed in. Throws `oauth_flow_failed` where the user said no or the code
   * ran out; trouble on the way is waited out. `signal` ends the waiting.
   */
  async poll(signal: AbortSignal = NO_SIGNAL): Promise<StoredToken> {
    const tokens = await waitForDevice(this.#way, this.#settings.client, this.#started, signal);
    signal.throwIfAborted();
    if (tokens.ok) return storedOf(tokens.value);
    throw this.#errorOf(tokens.failure);
  }

  #errorOf(failure: Failure): AuthError {
    const { provider } = this.#settings;
    const ranOut = failure.code === 'expired_token';
    const message = 'The device code ran out before anybody signed in. Start again with startDeviceCodeFlow';
    return ranOut ? new AuthError({ provider, code: 'oauth_flow_failed', message }) : flowError(provider, failure);
  }
}

/** Asks the provider for a code that the user types in elsewhere. Throws what the provider says against it. */
export async function startDeviceFlow(
  parts: AuthenticatorParts,
  provider: string,
  config: OAuthConfig,
  signal: AbortSignal = NO_SIGNAL,
): Promise<DeviceCodeFlow> {
  const settings = settingsOf(provider, config);
  needs(settings, 'device');
  const { exchange, ...way } = wayOf(parts, settings.userAgent);
  const timed = { ...way, exchange: timedExchange(exchange, parts, settings.timeoutMs) };
  const started = await startDeviceSignIn(timed, settings.client, settings.scopes, signal);
  signal.throwIfAborted();
  if (!started.ok) throw flowError(provider, started.failure);
  return new DeviceCodeFlow(settings, timed, started.value);
}

/** Each question has its own time, however long the user takes. */
const timedExchange = (exchange: Exchange, { clock }: AuthenticatorParts, timeoutMs: number): Exchange => ({
  send: (request, outer) => withDeadline(clock, timeoutMs, outer, (signal) => exchange.send(request, signal)),
});
