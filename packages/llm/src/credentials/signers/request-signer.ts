import type { Clock } from '../../model/clock.ts';
import { ok, type Result } from '../../model/failure.ts';
import type { Exchange, UpstreamRequest } from '../../transport/exchange.ts';
import { secretsOf, type AuthScheme, type AwsCredential, type Credential } from '../credential.ts';
import type { Secret } from '../secret.ts';
import { GoogleTokens } from './google-token.ts';
import { signByHeaders } from './sign-by-headers.ts';
import { signSigV4 } from './sigv4.ts';

/** What presents an account with one request. */
export interface Signature {
  /** To be sent with the request, in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** What of them, and of the account, an upstream must not be heard repeating. */
  readonly secrets: readonly Secret[];
  /** Lets go of the token that was used, so that the next signature has another; absent where none was. */
  readonly forget?: () => void;
}

/** What a signer needs besides the request: a way to ask for tokens, and the time. */
export interface RequestSignerParts {
  readonly exchange: Exchange;
  /** The way of an account that may have one of its own. Default: `exchange` for all. */
  readonly exchangeOf?: (accountId: string) => Exchange;
  readonly clock: Clock;
}

/**
 * Signs requests for every kind of account: by its key, over the request's own bytes (Amazon), or with a token that is
 * asked for first (Google). One for all providers, because it keeps tokens and keys.
 */
export class RequestSigner {
  readonly #clock: Clock;
  readonly #tokens: GoogleTokens;
  readonly #dayKeys = new WeakMap<AwsCredential, Map<string, ArrayBuffer>>();

  constructor(parts: RequestSignerParts) {
    this.#clock = parts.clock;
    this.#tokens = new GoogleTokens(parts);
  }

  /**
   * Signs `request` as it will be sent: its method, address and body may not change afterwards. A credential that does
   * not fit the scheme, or cannot be used, is an `authentication` failure that names the account.
   */
  async sign(
    scheme: AuthScheme,
    credential: Credential,
    request: UpstreamRequest,
    signal: AbortSignal,
  ): Promise<Result<Signature>> {
    const secrets = secretsOf(credential);
    if (scheme.kind === 'sigv4' && credential.kind === 'aws') {
      const scope = { service: scheme.service, nowMs: this.#clock.nowMs(), dayKeys: this.#dayKeysOf(credential) };
      return ok({ headers: await signSigV4(request, credential, scope), secrets });
    }
    if (scheme.kind === 'google-token' && credential.kind === 'service-account') {
      const { scope } = scheme;
      const token = await this.#tokens.token(credential, scope, signal);
      if (!token.ok) return token;
      const headers = { authorization: `Bearer ${token.value.reveal()}` };
      const forget = (): void => this.#tokens.forget(credential, scope, token.value);
      return ok({ headers, secrets: [...secrets, token.value], forget });
    }
    return signByHeaders(scheme, credential, signal);
  }

  #dayKeysOf(account: AwsCredential): Map<string, ArrayBuffer> {
    const known = this.#dayKeys.get(account) ?? new Map<string, ArrayBuffer>();
    // Those of days that are over are of no use.
    if (known.size > DAY_KEYS_MAX) known.clear();
    this.#dayKeys.set(account, known);
    return known;
  }
}

/** Keys that an account may have at a time: at midnight of one service or two, there are a few. */
const DAY_KEYS_MAX = 8;
