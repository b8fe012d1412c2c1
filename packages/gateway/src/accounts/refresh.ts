import type { OAuthCredential } from '@patchbay/llm/credentials/credential';
import { HeldTokens, renewAtMs } from '@patchbay/llm/credentials/oauth/held-tokens';
import type { TokenSource, Tokens } from '@patchbay/llm/credentials/oauth/tokens';
import { isSealed } from '@patchbay/llm/credentials/seal';
import type { Secret } from '@patchbay/llm/credentials/secret';
import { failed, type Failure, type Result } from '@patchbay/llm/model/failure';

import type { Cache } from '../coordination/cache.ts';
import type { AccountRecord, JsonWithSecrets } from '../storage/records.ts';
import { renewAccount, type RenewalParts } from './refresh-account.ts';
import { expiryOf, membersOf, readTokenRow } from './refresh-row.ts';

/** What the tokens of accounts are made of. */
export interface AccountTokensParts extends RenewalParts {
  /** Holds `auth:oauth:{provider}:{account_id}`; whoever deletes it there makes the next call read the row. */
  readonly cache: Pick<Cache, 'get' | 'set' | 'delete'>;
  readonly onError: (error: unknown) => void;
  /** Hears of each look for tokens in the cache, and whether they were there. Default: nobody does. */
  readonly onLook?: (wasHit: boolean) => void;
}

/** How often accounts are looked at whose tokens end soon, in milliseconds. */
const LOOK_MS = 30_000;
/** Replicas begin at different times, at most this long ahead, in milliseconds. */
const JITTER_MS = 60_000;
/** How long a token is cached that does not say when it ends, in milliseconds. */
const ENDLESS_MS = 3_600_000;

/** Name of an account's tokens in the cache. */
export const tokenKey = (providerId: string, accountId: string): string => `auth:oauth:${providerId}:${accountId}`;

/** The tokens of all accounts in this process, renewed ahead of their end. */
export class AccountTokens {
  readonly #parts: AccountTokensParts;
  readonly #sources = new Map<string, AccountSource>();
  readonly #stop: () => void;

  constructor(parts: AccountTokensParts) {
    this.#parts = parts;
    this.#stop = parts.clock.every(LOOK_MS, () => this.#renewAhead());
  }

  /** The account of this row as something to present. The same tokens stand behind every credential of one account. */
  credentialOf(row: AccountRecord): OAuthCredential {
    return { kind: 'oauth', id: row.id, tokens: this.#sourceOf(row), secrets: [] };
  }

  /** Takes a changed row in: the next call reads it. */
  changed(row: AccountRecord): void {
    if (row.isActive) this.#sources.get(row.id)?.changed(row);
    else this.forget(row.id);
  }

  /** Forgets an account that is gone or not used any more. */
  forget(accountId: string): void {
    this.#sources.delete(accountId);
  }

  /** Gets an account new tokens now, whatever it has. */
  async renewNow(row: AccountRecord): Promise<Result<Tokens>> {
    return this.#sourceOf(row).renew();
  }

  close(): void {
    this.#stop();
    this.#sources.clear();
  }

  #sourceOf(row: AccountRecord): AccountSource {
    const known = this.#sources.get(row.id);
    if (known !== undefined) return known;
    const made = new AccountSource(this.#parts, row);
    this.#sources.set(row.id, made);
    return made;
  }

  #renewAhead(): void {
    const nowMs = this.#parts.clock.nowMs();
    for (const source of this.#sources.values())
      if (source.isDue(nowMs)) source.renew().catch((error: unknown) => this.#parts.onError(error));
  }
}

/** The tokens of one account: in memory as long as the cache says that they are the row's. */
class AccountSource implements TokenSource {
  readonly #parts: AccountTokensParts;
  readonly #held: HeldTokens;
  readonly #aheadMs: number;
  #row: AccountRecord;
  /** What the cache holds while memory is right. */
  #cached: string | undefined;
  #seenVersion = 0;
  #looking: Promise<void> | undefined;

  constructor(parts: AccountTokensParts, row: AccountRecord) {
    this.#parts = parts;
    this.#row = row;
    this.#aheadMs = parts.random() * JITTER_MS;
    this.#held = new HeldTokens({
      clock: parts.clock,
      renew: (spent) => this.#renew(spent),
    });
  }

  async token(signal: AbortSignal): Promise<Result<Secret>> {
    await this.#tryLook();
    return this.#held.token(signal);
  }

  refused(token: Secret): void {
    this.#held.refused(token);
  }

  async renew(): Promise<Result<Tokens>> {
    await this.#tryLook();
    return this.#held.renew();
  }

  changed(row: AccountRecord): void {
    this.#row = row;
    if (row.version !== this.#seenVersion) this.#cached = undefined;
  }

  isDue(nowMs: number): boolean {
    const expiresAtMs = this.#held.held?.expiresAtMs ?? expiryOf(this.#row);
    const livesMs = this.#held.held?.livesMs;
    if (expiresAtMs === undefined || this.#row.tokenParkedVersion === this.#row.version) return false;
    const dueMs = renewAtMs({ expiresAtMs, ...(livesMs !== undefined && { livesMs }) }) ?? Infinity;
    return nowMs >= dueMs - this.#aheadMs && this.#held.mayTry(nowMs);
  }

  async #renew(spent: Tokens | undefined): Promise<Result<Tokens>> {
    try {
      const renewed = await renewAccount(this.#parts, this.#row.id, spent);
      if (renewed.ok) this.#cached = undefined;
      return renewed;
    } catch (error) {
      this.#parts.onError(error);
      return failed(AWAY);
    }
  }

  /** While the store is away, what memory holds serves on. */
  async #tryLook(): Promise<void> {
    try {
      await this.#look();
    } catch (error) {
      this.#parts.onError(error);
    }
  }

  async #look(): Promise<void> {
    const { cache } = this.#parts;
    const { providerId, id } = this.#row;
    const text = this.#cached === undefined ? undefined : await cache.get(tokenKey(providerId, id));
    const isHit = text !== undefined && text === this.#cached;
    this.#parts.onLook?.(isHit);
    if (isHit) return;
    this.#looking ??= this.#read().finally(() => {
      this.#looking = undefined;
    });
    await this.#looking;
  }

  /** Reads the row, which is the truth, and tells the cache. */
  async #read(): Promise<void> {
    const { cache, clock } = this.#parts;
    const found = await readTokenRow(this.#parts, this.#row.id);
    if (!found.ok) return;
    const { row, tokens } = found.value;
    this.#row = row;
    const isNew = row.version !== this.#seenVersion;
    this.#seenVersion = row.version;
    if (tokens === undefined) return;
    if (isNew) this.#held.adopt(tokens);
    const ttlMs = tokens.expiresAtMs === undefined ? ENDLESS_MS : tokens.expiresAtMs - clock.nowMs();
    if (ttlMs <= 0) return;
    const text = cachedText(row, tokens);
    await cache.set(tokenKey(row.providerId, row.id), text, ttlMs);
    this.#cached = text;
  }
}

const AWAY: Failure = { kind: 'network', message: 'Failed to refresh OAuth token: the store does not answer' };

/** What the cache holds of an account: its tokens as sealed as they are in the row. */
function cachedText({ authData, version }: AccountRecord, { expiresAtMs, tokenType }: Tokens): string {
  const members = membersOf(authData);
  return JSON.stringify({
    access_token: sealedOf(members['access_token'] ?? members['accessToken'] ?? members['token']),
    refresh_token: sealedOf(members['refresh_token'] ?? members['refreshToken']),
    expires_at: expiresAtMs === undefined ? null : new Date(expiresAtMs).toISOString(),
    token_type: tokenType,
    version,
  });
}

/** Somebody may have written a row by hand: what is not sealed is not repeated elsewhere. */
const sealedOf = (value: JsonWithSecrets | undefined): string | null =>
  typeof value !== 'string' ? null : isSealed(value) ? value : '[secret]';
