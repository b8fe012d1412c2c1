import { setImmediate } from 'node:timers/promises';

import type { PoolObserver } from '@patchbay/llm/credentials/pool';
import type { BuyTokens } from '@patchbay/llm/credentials/signers/credential-of-fields';
import type { Clock } from '@patchbay/llm/model/clock';
import { ok, type Result } from '@patchbay/llm/model/failure';
import type { ProviderRecord } from '@patchbay/llm/providers/define-provider';

import type { ProviderRuntime } from '../pipeline/ports.ts';
import type { Upstream } from '../relay/upstream.ts';
import type { WaysOut } from '../relay/ways-out.ts';
import type { Changefeed, Repositories, RowSecrets } from '../storage/ports.ts';
import type { AccountRecord, ModelRecord as ModelRow, ProviderRecord as ProviderRow } from '../storage/records.ts';
import { AccountSeats, originsOf, type AccountHost, type RenewedTokens } from './account-seats.ts';
import { ModelIndex } from './model-index.ts';
import { runtimeOfRecord } from './record-runtime.ts';
import { RowMirror, type Seen } from './row-mirror.ts';
import { isOnlySwitch, runtimeOfRow, type RowRuntime } from './row-runtime.ts';
import type { RowProblem, Snapshot } from './snapshot.ts';
import { changesOf, VersionBook, type ToldChanges, type VersionEntry } from './version-book.ts';

/** Rows of a store, and how they are read and followed. */
export interface StoredRows {
  readonly rows: Pick<Repositories, 'providers' | 'models' | 'accounts' | 'accountPolicies' | 'mappings' | 'proxies'>;
  readonly secrets: RowSecrets;
  readonly feed: Changefeed;
}

/** What a registry is made of. */
export interface RegistryParts {
  /** Providers that the settings name, and the simulator. */
  readonly settled: ReadonlyMap<string, ProviderRuntime>;
  /** Every provider the product knows, configured or not. */
  readonly records: readonly ProviderRecord[];
  /** Where the operator says that built-in providers are, by id. Default: at their own addresses. */
  readonly addresses?: ReadonlyMap<string, string>;
  /** Absent where nothing is stored. */
  readonly stored?: StoredRows;
  /** The way to providers of rows. */
  readonly upstream: Upstream;
  /** Is told how accounts of rows are used. */
  readonly observer?: PoolObserver;
  /** Is told how keys that rows of providers hold themselves are used. */
  readonly quotas?: PoolObserver;
  /** The ways out of accounts with proxies. */
  readonly ways?: WaysOut;
  /** Renews the tokens of accounts. */
  readonly tokens?: RenewedTokens;
  /** Gets the tokens of rows that sign in as clients. */
  readonly buyTokens?: BuyTokens;
  readonly clock: Clock;
  /** Told when the store could not be read; what was read last stays in force. */
  readonly onError: (error: unknown) => void;
}

/** One row's runtime with what it was made of. */
interface Held {
  readonly row: ProviderRow;
  /** What the runtime depends on; while it is the same, so is the runtime, and with it what its pool has learned. */
  readonly made: string;
  /** Absent for rows that cannot be read. */
  readonly called: RowRuntime | undefined;
  readonly problem: RowProblem | undefined;
}

/** Providers put together between two breaths: calls are let through in between. */
const TURN = 1000;

/**
 * What can be called now. Reads the store at the start and within a second of a change, and swaps the snapshot as a
 * whole; a row that cannot be used is named in its problems.
 */
export class Registry {
  readonly #parts: RegistryParts;
  readonly #mirrors:
    | {
        readonly providers: RowMirror<ProviderRow>;
        readonly models: RowMirror<ModelRow>;
        readonly accounts: RowMirror<AccountRecord>;
      }
    | undefined;
  readonly #accounts: AccountSeats | undefined;
  /** Providers that only accounts make callable. */
  readonly #byAccounts = new Map<string, { readonly made: string; readonly runtime: ProviderRuntime }>();
  readonly #held = new Map<string, Held>();
  #ids: ReadonlyMap<string, string> = new Map();
  readonly #index = new ModelIndex();
  readonly #versions = new VersionBook();
  /** The first reading finds everything: that is no change. */
  #wasRead = false;
  #snapshot: Snapshot;
  #reading: Promise<unknown> = Promise.resolve();
  #stop: () => void = () => undefined;

  constructor(parts: RegistryParts) {
    this.#parts = parts;
    const rows = parts.stored?.rows;
    this.#mirrors = rows && {
      providers: new RowMirror(rows.providers, parts.clock),
      models: new RowMirror<ModelRow>(rows.models, parts.clock),
      accounts: new RowMirror<AccountRecord>(rows.accounts, parts.clock),
    };
    this.#accounts = parts.stored && new AccountSeats({ ...parts, secrets: parts.stored.secrets });
    this.#snapshot = {
      version: 1,
      loadedAtMs: parts.clock.nowMs(),
      runtimes: parts.settled,
      models: new Map(),
      providersOf: () => [],
      problems: [],
    };
  }

  /** What can be called at this moment. */
  current(): Snapshot {
    return this.#snapshot;
  }

  /** The last versions and what each changed, the newest first, since the process began. */
  history(): readonly VersionEntry[] {
    return this.#versions.entries();
  }

  /** A provider by the name that accounts belong to it by, whether it can be called or not, and where it leads. */
  hostOf(identifier: string): { readonly id: string; readonly origins: readonly string[] } | undefined {
    const host = this.#hosts().hosts.get(identifier);
    if (host !== undefined) return { id: identifier, origins: originsOf(host.runtime) };
    const record = this.#parts.records.find(({ id }) => id === identifier);
    return (
      record && {
        id: identifier,
        origins: originsOf({ record, baseUrl: this.#parts.addresses?.get(identifier) ?? record.baseUrl }),
      }
    );
  }

  /** Id of the row of a provider that can be called; `undefined` for those of the settings alone. */
  rowIdOf(identifier: string): string | undefined {
    return this.#ids.get(identifier);
  }

  /** Reads the store and follows it until `close`. Rejects when the first reading fails. */
  async start(): Promise<void> {
    const { stored } = this.#parts;
    if (stored === undefined) return;
    await this.refresh();
    this.#stop = stored.feed.watch(['providers', 'models', 'accounts'], async () => {
      await this.refresh().catch((error: unknown) => {
        this.#parts.onError(error);
        throw error;
      });
    });
  }

  close(): void {
    this.#stop();
  }

  /** Reads the store now; resolves to what is in force then. One at a time: later ones wait. */
  refresh(): Promise<Snapshot> {
    const next = this.#reading.catch(() => undefined).then(() => this.#read());
    this.#reading = next;
    return next;
  }

  async #read(): Promise<Snapshot> {
    if (this.#mirrors === undefined) return this.#snapshot;
    const providers = await this.#mirrors.providers.look();
    const models = await this.#mirrors.models.look();
    const accounts = await this.#mirrors.accounts.look();
    const told = this.#wasRead ? this.#tell(providers, models, accounts) : [];
    this.#wasRead = true;
    providers.accept();
    models.accept();
    accounts.accept();
    await this.#accounts?.update(accounts.changed, accounts.gone);
    for (const { id } of providers.gone) this.#held.delete(id);
    for (const row of providers.changed) this.#held.set(row.id, await this.#hold(row));
    const identifierOf = (providerId: string): string | undefined => this.#held.get(providerId)?.row.identifier;
    const didListsChange = this.#index.update(models, identifierOf, providers);
    const changes = [providers, accounts].flatMap(({ changed, gone }) => [...changed, ...gone]);
    for (const each of told) this.#versions.note(each);
    if (changes.length > 0 || didListsChange) await this.#swap();
    else this.#snapshot = { ...this.#snapshot, loadedAtMs: this.#parts.clock.nowMs() };
    return this.#snapshot;
  }

  async #hold(row: ProviderRow): Promise<Held> {
    const before = this.#held.get(row.id);
    const { apiEndpoint, authMethod, authConfig, capabilities, identifier, name } = row;
    // Sealed texts are compared: no secret is opened for that.
    const made = JSON.stringify([identifier, name, apiEndpoint, authMethod, authConfig, capabilities]);
    if (before !== undefined && before.made === made) return { ...before, row };
    const { stored } = this.#parts;
    const called = stored && (await runtimeOfRow(row, { ...this.#parts, secrets: stored.secrets }));
    if (called === undefined || called.ok) return { row, made, called: called?.value, problem: undefined };
    const { path = 'authConfig', message } = called.failure;
    const servesOn = before?.called !== undefined;
    const problem: RowProblem = { table: 'providers', subject: identifier, message: `${path}: ${message}`, servesOn };
    return { row, made, called: before?.called, problem };
  }

  async #swap(): Promise<void> {
    this.#ids = new Map([...this.#held.values()].map(({ row }) => [row.identifier, row.id]));
    const { hosts, problems } = this.#hosts();
    const runtimes = new Map<string, ProviderRuntime>();
    const named = this.#accounts?.providers();
    let untilBreath = TURN;
    for (const [id, host] of hosts) {
      if (--untilBreath === 0) {
        untilBreath = TURN;
        await setImmediate();
      }
      const joined = this.#accounts?.join(host);
      problems.push(...(joined?.problems ?? []));
      const runtime = joined?.runtime ?? host.runtime;
      // A provider all of whose accounts are switched off is known, and says so when it is asked.
      if (runtime.pool.size > 0 || named?.has(id) === true) runtimes.set(id, runtime);
    }
    this.#snapshot = {
      version: this.#snapshot.version + 1,
      loadedAtMs: this.#parts.clock.nowMs(),
      runtimes,
      models: this.#index.lists(),
      providersOf: (model) => this.#index.providersOf(model),
      problems,
    };
    this.#versions.add(this.#snapshot.version, this.#snapshot.loadedAtMs);
  }

  /** What was found, row by row, before it is taken. */
  #tell(providers: Seen<ProviderRow>, models: Seen<ModelRow>, accounts: Seen<AccountRecord>): readonly ToldChanges[] {
    const nameOf = ({ providerId, identifier }: ModelRow): string => {
      const row = providers.changed.find(({ id }) => id === providerId) ?? this.#held.get(providerId)?.row;
      return row === undefined ? identifier : `${row.identifier}/${identifier}`;
    };
    return [
      changesOf({ table: 'providers', seen: providers, subjectOf: ({ identifier }) => identifier }),
      changesOf({ table: 'models', seen: models, subjectOf: nameOf }),
      changesOf({ table: 'accounts', seen: accounts, subjectOf: ({ providerId }) => `of ${providerId}` }),
    ];
  }

  /** Every provider that could be called if it had an account: of the settings, of rows, and built-in ones with accounts. */
  #hosts(): { readonly hosts: ReadonlyMap<string, AccountHost>; readonly problems: RowProblem[] } {
    const hosts = new Map<string, AccountHost>();
    const problems: RowProblem[] = [];
    const off = new Set<string>();
    for (const [id, runtime] of this.#parts.settled) hosts.set(id, { runtime, isBound: false });
    for (const { row, called, problem } of this.#held.values()) {
      if (problem !== undefined) problems.push(problem);
      if (row.status === 'inactive') {
        off.add(row.identifier);
        hosts.delete(row.identifier);
      }
      // The settings are the operator's own word: a row of the same name does not take their place.
      else if (called !== undefined && !hosts.has(row.identifier) && !isOnlySwitch(row, called, this.#parts.records))
        hosts.set(row.identifier, { ...called, isBound: this.#parts.addresses?.has(row.identifier) !== true });
    }
    for (const id of this.#accounts?.providers() ?? []) {
      if (hosts.has(id) || off.has(id)) continue;
      const runtime = this.#builtIn(id);
      if (runtime === undefined) continue;
      if (runtime.ok) hosts.set(id, { runtime: runtime.value, isBound: false });
      else problems.push({ table: 'accounts', subject: id, message: runtime.failure.message, servesOn: false });
    }
    return { hosts, problems };
  }

  /** A built-in provider at the address that its accounts say; the same runtime while they say the same. */
  #builtIn(id: string): Result<ProviderRuntime> | undefined {
    const record = this.#parts.records.find((each) => each.id === id);
    if (record === undefined) return undefined;
    const runtime = runtimeOfRecord(record, this.#accounts?.valuesOf(id) ?? new Map(), this.#parts);
    if (!runtime.ok) return runtime;
    const made = JSON.stringify(runtime.value.record);
    const before = this.#byAccounts.get(id);
    if (before?.made === made) return ok(before.runtime);
    this.#byAccounts.set(id, { made, runtime: runtime.value });
    return runtime;
  }
}
