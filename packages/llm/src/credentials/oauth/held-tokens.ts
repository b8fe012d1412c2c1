import type { Clock } from '../../model/clock.ts';
import { failed, ok, type Failure, type Result } from '../../model/failure.ts';
import { orCancelled } from '../or-cancelled.ts';
import type { Secret } from '../secret.ts';
import type { TokenSource, Tokens } from './tokens.ts';

/** What tokens are held with. */
export interface HeldTokensParts {
  readonly clock: Clock;
  /**
   * Gets other tokens than `spent`, and has kept them wherever they are kept before it resolves. Never called twice at a
   * time. An `authentication` failure is believed until other tokens are adopted.
   */
  readonly renew: (spent: Tokens | undefined) => Promise<Result<Tokens>>;
  readonly first?: Tokens;
  /** Asks again after a refusal, too: for clients that nobody signs in. Default: a refusal is final. */
  readonly asksAgain?: true;
  /** How long before its end a token is renewed beside calls, in milliseconds. Default: see `LEAD_MS`. */
  readonly leadMs?: (tokens: Tokens) => number;
  /** Shortest wait after a failed renewal, in milliseconds; doubles with each further one. Default 2000. */
  readonly firstRetryMs?: number;
}

/** How long before its end a token is renewed beside the calls that still use it, in milliseconds. */
export const LEAD_MS = 300_000;
/** Of a token that lives shorter than that, the last part of its life. */
const LEAD_SHARE = 0.2;
/** How long before its end a token is no longer presented: it has a way to go. */
const LAST_MS = 10_000;
const LAST_SHARE = 0.05;
const RETRY_FIRST_MS = 2000;
const RETRY_MAX_MS = 480_000;

/** When a token is to be renewed, in milliseconds since 1970; `undefined` where its end is not known. */
export function renewAtMs({
  expiresAtMs,
  livesMs = Infinity,
}: Pick<Tokens, 'expiresAtMs' | 'livesMs'>): number | undefined {
  return expiresAtMs === undefined ? undefined : expiresAtMs - Math.min(LEAD_MS, livesMs * LEAD_SHARE);
}

/**
 * The tokens of one account in this process. However many ask at a time, one renewal runs; while the old token is still
 * good, nobody waits for it, and trouble of the server harms nobody until it ends.
 */
export class HeldTokens implements TokenSource {
  readonly #parts: HeldTokensParts;
  #held: Tokens | undefined;
  #isRefused = false;
  #renewing: Promise<Result<Tokens>> | undefined;
  #failure: Failure | undefined;
  #failures = 0;
  #retryAtMs = 0;

  constructor(parts: HeldTokensParts) {
    this.#parts = parts;
    this.#held = parts.first;
  }

  /** What is held now, good or not. */
  get held(): Tokens | undefined {
    return this.#held;
  }

  /** Renewals that failed since the last one that went well. */
  get failures(): number {
    return this.#failures;
  }

  /** True while there is a token to present. */
  isGood(): boolean {
    const held = this.#held;
    return held !== undefined && !this.#isRefused && this.#parts.clock.nowMs() < lastUseMs(held);
  }

  /** Takes tokens that came from elsewhere, such as another process or a person. */
  adopt(tokens: Tokens): void {
    this.#held = tokens;
    this.#isRefused = false;
    this.#failure = undefined;
    this.#failures = 0;
    this.#retryAtMs = 0;
  }

  async token(signal: AbortSignal): Promise<Result<Secret>> {
    const held = this.#held;
    const nowMs = this.#parts.clock.nowMs();
    const good = this.isGood() ? held : undefined;
    if (good !== undefined && nowMs < this.#renewAtMs(good)) return ok(good.accessToken);
    const renewing = this.mayTry(nowMs) ? this.renew() : undefined;
    if (good !== undefined) return ok(good.accessToken);
    if (renewing === undefined) return failed(this.#failure ?? NO_TOKEN);
    const renewed = await orCancelled(renewing, signal);
    return renewed.ok ? ok(renewed.value.accessToken) : renewed;
  }

  refused(token: Secret): void {
    if (this.#held?.accessToken.sameAs(token) === true) this.#isRefused = true;
  }

  /** Renews now, whatever is held; joins a renewal that runs. */
  renew(): Promise<Result<Tokens>> {
    this.#renewing ??= this.#renewOnce().finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  /** False while the server is spared after a failure, or has said its last word. */
  mayTry(nowMs: number): boolean {
    return this.#renewing !== undefined || nowMs >= this.#retryAtMs;
  }

  #renewAtMs(tokens: Tokens): number {
    const { leadMs } = this.#parts;
    if (leadMs === undefined || tokens.expiresAtMs === undefined) return renewAtMs(tokens) ?? Infinity;
    return tokens.expiresAtMs - leadMs(tokens);
  }

  async #renewOnce(): Promise<Result<Tokens>> {
    const renewed = await this.#parts.renew(this.#held);
    if (renewed.ok) {
      this.adopt(renewed.value);
      return renewed;
    }
    this.#failure = renewed.failure;
    this.#failures += 1;
    const { firstRetryMs = RETRY_FIRST_MS } = this.#parts;
    const waitMs = Math.min(RETRY_MAX_MS, firstRetryMs * 2 ** (this.#failures - 1));
    const isFinal = renewed.failure.kind === 'authentication' && this.#parts.asksAgain !== true;
    this.#retryAtMs = isFinal ? Infinity : this.#parts.clock.nowMs() + waitMs;
    return renewed;
  }
}

/** Until when a token is presented, in milliseconds since 1970. */
export const lastUseMs = ({ expiresAtMs, livesMs = Infinity }: Tokens): number =>
  expiresAtMs === undefined ? Infinity : expiresAtMs - Math.min(LAST_MS, livesMs * LAST_SHARE);

const NO_TOKEN: Failure = { kind: 'authentication', message: 'There is no token to present. Sign in again.' };
