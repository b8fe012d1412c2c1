import type { Secret } from '@patchbay/llm/credentials/secret';
import type { Result } from '@patchbay/llm/model/failure';

import type { OpenSession } from '../identity/ports.ts';
import type {
  AccountNote,
  AccountPolicyRecord,
  AccountRecord,
  AlertRecord,
  ApiKeyRecord,
  AuditRecord,
  EventRecord,
  HealthRecord,
  JsonWithSecrets,
  MappingRecord,
  ModelRecord,
  OAuthSessionRecord,
  ProviderRecord,
  ProxyDay,
  ProxyNote,
  ProxyRecord,
  QuotaPatternRecord,
  RefreshTokenRecord,
  SettingRecord,
  TemplateRecord,
  UserRecord,
} from './records.ts';
import type { Inserted, Journal, NewRow, Repository } from './repository.ts';

/** The rows of one store, or of one transaction in it. */
export interface Repositories {
  readonly users: Users;
  readonly refreshTokens: RefreshTokens;
  readonly providers: Repository<ProviderRecord>;
  readonly models: Models;
  readonly accounts: Accounts;
  readonly accountPolicies: Repository<AccountPolicyRecord>;
  readonly proxies: Proxies;
  /** Sign-ins that have begun; ids are hashes of their states. */
  readonly oauthSessions: OAuthSessions;
  readonly apiKeys: ApiKeys;
  readonly mappings: Repository<MappingRecord>;
  readonly templates: Repository<TemplateRecord>;
  readonly settings: Repository<SettingRecord>;
  readonly alerts: Repository<AlertRecord>;
  readonly events: Journal<EventRecord>;
  readonly audit: Journal<AuditRecord>;
  readonly health: Journal<HealthRecord>;
}

export interface Users extends Repository<UserRecord> {
  /** The user whose name or e-mail address this is, whatever its letter case. */
  findByLogin(nameOrEmail: string): Promise<UserRecord | undefined>;
}

export interface Models extends Repository<ModelRecord> {
  /** Models of each of these providers; a provider without any is left out. */
  countByProvider(providerIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

export interface Accounts extends Repository<AccountRecord> {
  /** Writes down how accounts were used and fared, all or nothing; accounts that are gone are passed over. */
  note(notes: readonly AccountNote[]): Promise<void>;
  /** What was learned of the limits of all accounts. */
  quotaPatterns(): Promise<readonly QuotaPatternRecord[]>;
  /** Puts what was learned in the place of what was known of the account and model. */
  putQuotaPattern(pattern: QuotaPatternRecord): Promise<void>;
}

export interface Proxies extends Repository<ProxyRecord> {
  /** Adds a proxy under the next number, which is never given again. */
  add(row: Omit<NewRow<ProxyRecord>, 'id'>): Promise<Inserted<ProxyRecord>>;
  /** Writes down how proxies were used and fared, all or nothing; proxies that are gone are passed over. */
  note(notes: readonly ProxyNote[]): Promise<void>;
  /** Adds to the days that are there. */
  addDays(days: readonly ProxyDay[]): Promise<void>;
  /** The days of a proxy from that date on, oldest first. */
  days(proxyId: string, fromDate: string): Promise<readonly ProxyDay[]>;
}

export interface ApiKeys extends Repository<ApiKeyRecord> {
  /** Writes down when keys were last used; keys that are gone are passed over. */
  noteUsed(keys: ReadonlyMap<string, number>): Promise<void>;
}

export interface OAuthSessions extends Repository<OAuthSessionRecord> {
  /** Forgets sign-ins that ended before then. */
  removeEnded(beforeMs: number): Promise<void>;
}

/** Which one process may renew the tokens of an account. Times are those of the database. */
export interface TokenLeases {
  /** True for the one that may; for `forMs` nobody else may, unless it is released. False when the tokens are others by now. */
  take(asked: {
    readonly id: string;
    readonly owner: string;
    readonly generation: number;
    readonly forMs: number;
  }): Promise<boolean>;
  /** False when another has it by now. */
  extend(asked: { readonly id: string; readonly owner: string; readonly forMs: number }): Promise<boolean>;
  release(asked: { readonly id: string; readonly owner: string }): Promise<void>;
  /** Writes down that this version of the account cannot be renewed, and why; false when it is another by now. */
  park(asked: {
    readonly id: string;
    readonly version: number;
    readonly why: string;
    readonly atMs: number;
  }): Promise<boolean>;
}

/** What became of a refresh token that was presented. `reused`: it was exchanged before, so its family is now revoked. */
export type Rotated =
  | { readonly kind: 'rotated' }
  | { readonly kind: 'unknown' | 'expired' | 'revoked' }
  | { readonly kind: 'reused'; readonly familyId: string; readonly userId: string };

export interface RefreshTokens {
  /** The first of a new family. */
  insert(token: RefreshTokenRecord): Promise<void>;
  find(hash: string): Promise<RefreshTokenRecord | undefined>;
  /**
   * Exchanges the token with this hash for `next`, which joins its family and user; of two that present one token at once
   * exactly one gets `rotated`.
   */
  rotate(hash: string, next: Pick<RefreshTokenRecord, 'id' | 'hash' | 'issuedAtMs' | 'expiresAtMs'>): Promise<Rotated>;
  revokeFamily(familyId: string, atMs: number): Promise<void>;
  /** Every family of a user, except one where it is named: after a new password, say. */
  revokeUser(userId: string, atMs: number, exceptFamilyId?: string): Promise<void>;
  /** Families of a user that live at that time, the newest first. */
  aliveOf(userId: string, atMs: number): Promise<readonly OpenSession[]>;
  /** True while a family has a token that is neither revoked nor expired at that time: the session lives. */
  isFamilyAlive(familyId: string, atMs: number): Promise<boolean>;
  /** Makes a family that is alive end at another time, in one step; resolves false when it is not. */
  prolongFamily(familyId: string, atMs: number, expiresAtMs: number): Promise<boolean>;
  /** Forgets tokens that expired before then; resolves to how many. */
  removeExpired(beforeMs: number): Promise<number>;
}

/** Tables whose changes are told, whoever makes them. */
export const WATCHED_TABLES = [
  'users',
  'providers',
  'models',
  'provider_templates',
  'settings',
  'data_plane_keys',
  'accounts',
  'proxy_pool',
  'api_keys',
  'model_mappings',
  'account_policies',
] as const;
export type WatchedTable = (typeof WATCHED_TABLES)[number];

export interface Changefeed {
  /**
   * Calls back once soon after the start with all tables, and within a second of any change to one of `tables` with those
   * that changed: by this process, another, or by hand in SQL. Again at the next look when the callback rejects. Returns how
   * to stop.
   */
  watch(
    tables: readonly WatchedTable[],
    onChange: (changed: readonly WatchedTable[]) => void | Promise<void>,
  ): () => void;
  /** How often each table has changed since the store was made. Equal numbers mean equal rows. */
  versions(): Promise<Readonly<Record<WatchedTable, number>>>;
}

/** Opens and closes what is sealed in rows. */
export interface RowSecrets {
  /**
   * `config` of the provider with this id, its sealed texts opened as `Secret`s; other texts stay as they are. Fails where
   * a text was changed, moved from another row or member, or sealed under a key that is not here; the message names it.
   */
  openSecrets(providerId: string, config: JsonWithSecrets): Promise<Result<JsonWithSecrets>>;
  /** The same for what presents the account with this id. */
  openAuthData(accountId: string, authData: JsonWithSecrets): Promise<Result<JsonWithSecrets>>;
  /** The same for what ends the sign-in with this id. */
  openSignIn(sessionId: string, data: JsonWithSecrets): Promise<Result<JsonWithSecrets>>;
  /** The same for the password of a proxy; `undefined` where its row has none. */
  openProxyPassword(proxy: Pick<ProxyRecord, 'id' | 'password'>): Promise<Result<Secret | undefined>>;
}

/** Usage of one model of one provider under one key in one hour, from the log of calls. */
export interface UsageRow {
  readonly hourStartMs: number;
  readonly providerId: string;
  readonly model: string;
  /** Public id of the data-plane key; empty for calls without one. */
  readonly keyId: string;
  readonly attempts: number;
  readonly successes: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly reasoningTokens: number;
  /** Sum over all attempts, in milliseconds. */
  readonly latencyMs: number;
  /** Sum over the attempts whose price was known, in nano-dollars, and how many successful ones had none. */
  readonly costNanoUsd: number;
  readonly unpriced: number;
}

/** Hours that begin from `fromMs` to before `toMs`; of one provider or key where it is named. */
export interface UsageRange {
  readonly fromMs: number;
  readonly toMs: number;
  readonly providerId?: string | undefined;
  readonly keyId?: string | undefined;
}

export interface Usage {
  /** Hour by hour, oldest first. */
  hours(range: UsageRange): Promise<readonly UsageRow[]>;
  /** The same over all keys, added up to steps of `stepMs`, a multiple of an hour, that begin at multiples of it. */
  steps(range: UsageRange & { readonly stepMs: number }): Promise<readonly UsageRow[]>;
}

/** Takes rows away that are older than they are kept. */
export interface Retention {
  /** Removes at most about `most` log rows from before then, the oldest first; resolves to how many. */
  removeCalls(beforeMs: number, most: number): Promise<number>;
  removeHealth(beforeMs: number): Promise<number>;
  removeEvents(beforeMs: number): Promise<number>;
}
