import type { Clock } from '../../model/clock.ts';
import { failed, ok, type Failure, type Result } from '../../model/failure.ts';
import { AuthError } from '../auth-error.ts';
import type { OAuthCredential } from '../credential.ts';
import { HeldTokens } from '../oauth/held-tokens.ts';
import type { Tokens } from '../oauth/tokens.ts';
import { orCancelled } from '../or-cancelled.ts';
import { withDeadline } from '../with-deadline.ts';
import { CredentialCounts } from './credential-metrics.ts';
import {
  dateOf,
  tokensOfSet,
  usableOf,
  type CredentialSet,
  type RefreshFunction,
  type UsableCredential,
} from './credential-set.ts';

/** What one managed account is made of. */
export interface ManagedParts {
  readonly clock: Clock;
  readonly provider: string;
  readonly refresh: RefreshFunction;
  /** How long before its end the token is renewed, in milliseconds. */
  readonly leadMs: (credential: ManagedCredential) => number;
  readonly onRefreshed: (credential: ManagedCredential) => void;
  readonly onFailure: (credential: ManagedCredential, cause: 'refresh_failed' | 'tokens_not_kept', why: string) => void;
}

/** A refresh that takes longer has failed. */
const REFRESH_MS = 30_000;
/** Wait after a failed refresh; doubles with each further one, up to eight minutes. */
const FIRST_RETRY_MS = 60_000;
/** So many refreshes that fail in a row make an account unhealthy. */
const REFRESH_FAILURES_MAX = 5;

/** One account of a manager: its tokens, renewed once for all who wait, and its counts. */
export class ManagedCredential {
  readonly id: string;
  readonly held: HeldTokens;
  readonly counts = new CredentialCounts();
  readonly createdAtMs: number;
  readonly #parts: ManagedParts;
  #set: CredentialSet;

  constructor(parts: ManagedParts, id: string, set: CredentialSet) {
    this.id = id;
    this.#parts = parts;
    this.#set = set;
    this.createdAtMs = dateOf(set.createdAt)?.getTime() ?? parts.clock.nowMs();
    this.counts.refreshes = set.refreshCount ?? 0;
    this.counts.lastRefreshMs = dateOf(set.lastRefresh)?.getTime();
    const first = tokensOfSet(set);
    this.held = new HeldTokens({
      clock: parts.clock,
      renew: () => this.#renew(),
      leadMs: () => parts.leadMs(this),
      firstRetryMs: FIRST_RETRY_MS,
      ...(first !== undefined && { first }),
    });
  }

  /** As the ring of keys takes it; what must not be seen is what is held now. */
  get credential(): OAuthCredential {
    const { held, id } = this;
    return {
      kind: 'oauth',
      id,
      tokens: held,
      get secrets() {
        const { accessToken, refreshToken } = held.held ?? {};
        return [accessToken, refreshToken].filter((each) => each !== undefined);
      },
    };
  }

  get isRefreshHealthy(): boolean {
    return this.held.failures < REFRESH_FAILURES_MAX;
  }

  get expiresAtMs(): number | undefined {
    return this.held.held?.expiresAtMs;
  }

  /** True where new tokens can be had with what is held. */
  get hasRefreshToken(): boolean {
    return this.held.held?.refreshToken !== undefined;
  }

  usable(): UsableCredential {
    const { refreshes: count, lastRefreshMs: lastMs } = this.counts;
    return usableOf(this.id, this.#set, this.held.held, { count, ...(lastMs !== undefined && { lastMs }) });
  }

  /** The account with a token that is good now. Throws `refresh_failed` where none can be had. */
  async ready(signal: AbortSignal): Promise<UsableCredential> {
    const token = await this.held.token(signal);
    signal.throwIfAborted();
    if (token.ok) return this.usable();
    throw this.errorOf(token.failure);
  }

  errorOf({ message }: Failure): AuthError {
    const text = `${this.id}: ${message}`;
    return new AuthError({ provider: this.#parts.provider, code: 'refresh_failed', message: text });
  }

  async #renew(): Promise<Result<Tokens>> {
    const renewed = await withDeadline(this.#parts.clock, REFRESH_MS, undefined, (signal) =>
      orCancelled(this.#ask(signal), signal),
    );
    if (!renewed.ok) {
      this.#parts.onFailure(this, 'refresh_failed', renewed.failure.message);
      return renewed;
    }
    this.counts.refreshed(this.#parts.clock.nowMs());
    this.held.adopt(renewed.value);
    this.#parts.onRefreshed(this);
    await this.#tellProgram();
    return renewed;
  }

  async #ask(signal: AbortSignal): Promise<Result<Tokens>> {
    try {
      const before = this.usable();
      const given = await this.#parts.refresh(before, signal);
      const tokens = tokensOfSet({ refreshToken: before.refreshToken, ...withoutGaps(given) });
      if (tokens === undefined)
        return failed({ kind: 'protocol', message: 'The refresh function gave no access token.' });
      return ok(tokens);
    } catch (error) {
      return failed({
        kind: 'upstream',
        message: this.#hidden(error instanceof Error ? error.message : String(error)),
      });
    }
  }

  async #tellProgram(): Promise<void> {
    const { accessToken, refreshToken, expiresAt } = this.usable();
    try {
      await this.#set.onTokenRefresh?.(this.id, accessToken, refreshToken, expiresAt ?? new Date(0));
    } catch (error) {
      const why = this.#hidden(error instanceof Error ? error.message : String(error));
      this.#parts.onFailure(this, 'tokens_not_kept', why);
    }
  }

  #hidden(text: string): string {
    return this.credential.secrets.reduce((hidden, secret) => secret.hideIn(hidden), text);
  }
}

/** Members that are there: an absent refresh token leaves the old one as it was. */
const withoutGaps = <T extends object>(given: T): Partial<T> =>
  Object.fromEntries(
    Object.entries(given ?? {}).filter(([, value]) => value !== undefined && value !== ''),
  ) as Partial<T>;
