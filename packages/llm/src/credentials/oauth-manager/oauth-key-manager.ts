import type { Exchange } from '../../transport/exchange.ts';
import { AuthError } from '../auth-error.ts';
import { isKeyFault, runWithFailover } from '../keys/failover.ts';
import type { KeyManagerOptions } from '../keys/key-manager.ts';
import { backoffMs, KeyRing, type RingKey, type RingParts } from '../keys/key-ring.ts';
import { useOf, type KeyContext } from '../keys/use-of.ts';
import { Seat } from '../seat.ts';
import { prometheusOf, type CredentialMetrics } from './credential-metrics.ts';
import type { CredentialSet, RefreshFunction, UsableCredential } from './credential-set.ts';
import { healthSummary, type CredentialHealthInfo, type HealthSummary } from './health.ts';
import { ManagedCredential, type ManagedParts } from './managed-credential.ts';
import { Monitoring, type DeliveryCounts, type MonitoringConfig } from './monitoring.ts';
import { bufferMs, DEFAULT_REFRESH_STRATEGY, strategyOf, type RefreshStrategy } from './refresh-strategy.ts';
import { RotationLedger, type RotationPolicy, type RotationStatus } from './rotation-policy.ts';

/** How a manager knows the time, chooses by chance and reaches webhooks. */
export interface OAuthManagerParts extends RingParts {
  readonly exchange: Exchange;
}

interface Member {
  readonly key: RingKey;
  readonly managed: ManagedCredential;
}

const NO_SIGNAL = new AbortController().signal;
/** How often a use looks for accounts that are due for rotation. */
const ROTATION_LOOK_MS = 60_000;

/** The OAuth accounts of one provider: in turn, resting after failures, renewed ahead of time, watched and replaced. */
export class OAuthKeyManager {
  readonly provider: string;
  readonly #parts: OAuthManagerParts;
  readonly #options: KeyManagerOptions;
  readonly #ring: KeyRing;
  readonly #members = new Map<string, Member>();
  readonly #managedParts: ManagedParts;
  readonly #monitoring: Monitoring;
  readonly #rotation = new RotationLedger();
  readonly #running = new Set<Promise<unknown>>();
  #strategy = DEFAULT_REFRESH_STRATEGY;
  #looksAtMs = 0;

  /** Accounts with the same id, or no refresh function, throw `invalid_config`. */
  constructor(
    parts: OAuthManagerParts,
    provider: string,
    credentials: readonly CredentialSet[],
    refresh: RefreshFunction,
    options: KeyManagerOptions = {},
  ) {
    this.provider = provider;
    this.#parts = parts;
    this.#options = options;
    this.#ring = new KeyRing(parts, options);
    this.#monitoring = new Monitoring(parts.clock, parts.exchange);
    if (typeof refresh !== 'function')
      throw this.#error('invalid_config', 'Pass a function that refreshes a credential');
    this.#managedParts = {
      clock: parts.clock,
      provider,
      refresh,
      leadMs: ({ counts }) => bufferMs(this.#strategy, counts.load(parts.clock.nowMs())),
      onRefreshed: ({ id }) =>
        this.#monitoring.tell({ type: 'refresh', id, message: `The token of ${id} was renewed.` }),
      onFailure: ({ id }, cause, why) =>
        this.#monitoring.tell({ type: 'failure', id, cause, message: `${id}: ${why}`, details: { reason: cause } }),
    };
    for (const credential of credentials) this.addCredential(credential);
  }

  /**
   * Calls `use` with the next account, its token good and plain, and with others while it fails: three at most. A context
   * is passed as to a key manager. Throws `all_keys_exhausted`, which names the count and has the last error as its cause.
   */
  executeWithFailover<T>(use: (credential: UsableCredential) => T | Promise<T>): Promise<T>;
  executeWithFailover<T, Context extends KeyContext>(
    context: Context,
    use: (context: Context, credential: UsableCredential) => T | Promise<T>,
  ): Promise<T>;
  executeWithFailover<T>(context: KeyContext, use: (credential: UsableCredential) => T | Promise<T>): Promise<T>;
  async executeWithFailover<T>(...args: readonly unknown[]): Promise<T> {
    const { signal = NO_SIGNAL, call } = useOf<T, UsableCredential>(args);
    this.#lookAtAges();
    const { attemptsMax, isKeyFault: blames } = this.#options;
    const failover = {
      provider: this.provider,
      ring: this.#ring,
      signal,
      ...(attemptsMax !== undefined && { attemptsMax }),
      ...(blames !== undefined && { isKeyFault: blames }),
    };
    try {
      return await runWithFailover(failover, (key) => this.#use(key, signal, call));
    } finally {
      for (const member of this.#members.values()) this.#watch(member);
    }
  }

  /** Puts an account to use at once; gives its id. */
  addCredential(set: CredentialSet): string {
    const id = set.id ?? this.#freeId();
    if (this.#members.has(id))
      throw this.#error('invalid_config', `Two credentials are called ${id}. Give each its own id`);
    const managed = new ManagedCredential(this.#managedParts, id, set);
    this.#members.set(id, { managed, key: this.#ring.add(new Seat(managed.credential)) });
    this.#rotation.add(id, managed.createdAtMs);
    return id;
  }

  /** Takes an account out of use; calls that use it go on. False where it is not there. */
  removeCredential(id: string): boolean {
    const member = this.#members.get(id);
    if (member === undefined) return false;
    this.#ring.remove(member.key);
    this.#members.delete(id);
    this.#rotation.remove(id);
    this.#monitoring.forget(id);
    return true;
  }

  /** Ids of all accounts, resting ones too. */
  getCredentialIds(): string[] {
    return [...this.#members.keys()];
  }

  /** Renews the token of an account now; joins a renewal that runs. Throws `refresh_failed`. */
  async refreshCredential(id: string): Promise<void> {
    const { managed } = this.#member(id);
    const renewed = await managed.held.renew();
    if (!renewed.ok) throw managed.errorOf(renewed.failure);
  }

  /** Says when tokens are renewed; counts for all accounts from now on. */
  setRefreshStrategy(strategy: RefreshStrategy): void {
    this.#strategy = strategyOf(strategy);
  }

  /** How long before its end the token of an account would be renewed now, in milliseconds. */
  getRefreshBuffer(id: string): number {
    return this.#managedParts.leadMs(this.#member(id).managed);
  }

  /** Says when accounts are replaced. Uses look for due ones once a minute; nothing runs by itself. */
  setRotationPolicy(policy: RotationPolicy): void {
    this.#rotation.configure(policy);
    this.#looksAtMs = 0;
  }

  /** Ids of accounts that are older than the policy allows. Tells the policy's callback of each once. */
  async checkRotationNeeded(): Promise<readonly string[]> {
    const due = this.#rotation.due(this.#parts.clock.nowMs());
    for (const id of due) {
      if (!this.#rotation.tellOnce(id)) continue;
      this.#monitoring.tell({ type: 'rotation', id, message: `${id} is due for rotation.`, details: { state: 'due' } });
      try {
        await this.#rotation.policy.onRotationNeeded?.(id);
      } catch (error) {
        const message = `${id}: onRotationNeeded threw: ${error instanceof Error ? error.message : String(error)}`;
        this.#monitoring.tell({ type: 'failure', id, cause: 'rotation', message, details: { reason: 'rotation' } });
      }
    }
    return due;
  }

  /** Puts a new account beside an old one, which serves on for the grace period. Gives the id of the new one. */
  markForRotation(id: string, replacement: CredentialSet): string {
    this.#member(id);
    if (this.#rotation.graceEndsAtMs(id) !== undefined)
      throw this.#error('key_rotation_failed', `${id} is being rotated already. Complete that with completeRotation`);
    const by = this.addCredential(replacement);
    this.#rotation.replace(id, by, this.#parts.clock.nowMs());
    this.#monitoring.tell({
      type: 'rotation',
      id,
      message: `${by} replaces ${id}.`,
      details: { state: 'rotating', by },
    });
    return by;
  }

  /** Removes an account whose grace period is over. Throws `key_rotation_failed` before, and where nothing replaces it. */
  completeRotation(id: string): void {
    this.#member(id);
    const endsAtMs = this.#rotation.graceEndsAtMs(id);
    const code = 'key_rotation_failed';
    if (endsAtMs === undefined) throw this.#error(code, `Nothing replaces ${id}. Begin with markForRotation`);
    if (endsAtMs > this.#parts.clock.nowMs())
      throw this.#error(code, `${id} serves on until ${new Date(endsAtMs).toISOString()}. Complete its rotation then`);
    this.removeCredential(id);
    this.#monitoring.tell({ type: 'rotation', id, message: `${id} was removed.`, details: { state: 'removed' } });
  }

  /** Removes every account whose grace period is over, where the policy says `autoDecommission`; gives their ids. */
  autoDecommissionExpired(): readonly string[] {
    if (!this.#rotation.policy.autoDecommission) return [];
    const expired = this.#rotation.expired(this.#parts.clock.nowMs());
    for (const id of expired) this.completeRotation(id);
    return expired;
  }

  /** How the rotation of every account stands. */
  getRotationStatus(): readonly RotationStatus[] {
    return this.#rotation.status(this.#parts.clock.nowMs());
  }

  /** Says whom to tell of refreshes, failures, rotations and ends that come near. */
  setMonitoringConfig(config: MonitoringConfig): void {
    this.#monitoring.configure(config);
  }

  /** What became of the events that were posted. */
  getDeliveryCounts(): DeliveryCounts {
    return this.#monitoring.counts();
  }

  /** Resolves when what was begun beside calls has ended: events that are on their way, and callbacks. */
  async flush(): Promise<void> {
    await Promise.all(this.#running);
    await this.#monitoring.flush();
  }

  /** Adds tokens of the model that a request with the account used. */
  recordTokenUsage(id: string, tokens: number): void {
    const { counts } = this.#member(id).managed;
    if (Number.isFinite(tokens) && tokens > 0) counts.tokens += tokens;
  }

  getCredentialMetrics(id: string): CredentialMetrics {
    return this.#member(id).managed.counts.metrics(this.#parts.clock.nowMs());
  }

  /** The counts of all accounts in the text format of Prometheus, by the label `credential`. */
  exportPrometheus(): string {
    return prometheusOf(this.#metrics());
  }

  /** The counts of all accounts by id, to be written as JSON. */
  exportJSON(): Readonly<Record<string, CredentialMetrics>> {
    return Object.fromEntries(this.#metrics());
  }

  getHealthSummary(): HealthSummary {
    return healthSummary(
      this.getCredentialIds().map((id) => this.getCredentialHealthInfo(id)),
      this.exportJSON(),
    );
  }

  /** How one account is. Throws `invalid_config` for an id that is not there. */
  getCredentialHealthInfo(id: string): CredentialHealthInfo {
    const { key, managed } = this.#member(id);
    const { clock } = this.#parts;
    const leftMs = backoffMs(key.seat, clock.monotonicMs());
    const nowMs = clock.nowMs();
    const { expiresAtMs, counts } = managed;
    return {
      id,
      isHealthy: key.isHealthy && managed.isRefreshHealthy,
      failureCount: key.seat.failures,
      refreshFailureCount: managed.held.failures,
      inBackoff: leftMs > 0,
      ...(leftMs > 0 && { backoffUntil: new Date(nowMs + leftMs) }),
      isExpired: expiresAtMs !== undefined && expiresAtMs <= nowMs,
      ...(expiresAtMs !== undefined && { expiresAt: new Date(expiresAtMs) }),
      ...(counts.lastRefreshMs !== undefined && { lastRefresh: new Date(counts.lastRefreshMs) }),
    };
  }

  async #use<T>(key: RingKey, signal: AbortSignal, call: (credential: UsableCredential) => T | Promise<T>): Promise<T> {
    const { managed } = this.#member(key.seat.id);
    const { clock } = this.#parts;
    const credential = await managed.ready(signal);
    const token = managed.held.held?.accessToken;
    const startedMs = clock.monotonicMs();
    const ended = (isGood: boolean): void =>
      managed.counts.ended(clock.nowMs(), clock.monotonicMs() - startedMs, isGood);
    try {
      const value = await call(credential);
      ended(true);
      return value;
    } catch (error) {
      if (!signal.aborted) ended(!(this.#options.isKeyFault ?? isKeyFault)(error));
      // The next use asks for another token, whatever the end of this one.
      if (isRefusal(error) && token !== undefined) managed.held.refused(token);
      throw error;
    }
  }

  #watch({ key, managed }: Member): void {
    const { id, counts, expiresAtMs, hasRefreshToken, isRefreshHealthy } = managed;
    const { requests, errors } = counts;
    if (this.#monitoring.isFailing(requests, errors)) {
      const message = `${errors} of ${requests} requests with ${id} failed.`;
      const details = { reason: 'high_failure_rate', requests, errors };
      this.#monitoring.tell({ type: 'failure', id, cause: 'high_failure_rate', message, details });
    }
    if (!key.isHealthy || !isRefreshHealthy)
      this.#monitoring.tell({
        type: 'failure',
        id,
        cause: 'unhealthy',
        message: `${id} is unhealthy.`,
        details: { reason: 'unhealthy' },
      });
    const leftMs = (expiresAtMs ?? Infinity) - this.#parts.clock.nowMs();
    // What renews itself ends every hour, and nobody need know.
    if (leftMs > this.#monitoring.warningMs || (hasRefreshToken && managed.held.failures === 0)) return;
    const expiresAt = new Date(expiresAtMs ?? 0).toISOString();
    const message = `The token of ${id} ends at ${expiresAt} and is not renewed.`;
    this.#monitoring.tell({ type: 'expiry_warning', id, cause: 'expiry', message, details: { expires_at: expiresAt } });
  }

  #lookAtAges(): void {
    const nowMs = this.#parts.clock.nowMs();
    if (nowMs < this.#looksAtMs) return;
    this.#looksAtMs = nowMs + ROTATION_LOOK_MS;
    this.autoDecommissionExpired();
    const looking: Promise<unknown> = this.checkRotationNeeded().finally(() => this.#running.delete(looking));
    this.#running.add(looking);
  }

  #metrics(): ReadonlyMap<string, CredentialMetrics> {
    return new Map(this.getCredentialIds().map((id) => [id, this.getCredentialMetrics(id)]));
  }

  #member(id: string): Member {
    const member = this.#members.get(id);
    if (member !== undefined) return member;
    throw this.#error(
      'invalid_config',
      `No credential is called ${id}. There are: ${this.getCredentialIds().join(', ')}`,
    );
  }

  #freeId(): string {
    let number = this.#members.size + 1;
    while (this.#members.has(`credential-${number}`)) number += 1;
    return `credential-${number}`;
  }

  #error(code: 'invalid_config' | 'key_rotation_failed', message: string): AuthError {
    return new AuthError({ provider: this.provider, code, message });
  }
}

const isRefusal = (error: unknown): boolean =>
  (error as { readonly failure?: { readonly kind?: unknown } } | undefined)?.failure?.kind === 'authentication';
