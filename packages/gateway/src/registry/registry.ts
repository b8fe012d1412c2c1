import { CredentialPool } from '@patchbay/llm/credentials/pool';
import type { Clock } from '@patchbay/llm/model/clock';
import { ok, type Result } from '@patchbay/llm/model/failure';
import type { ProviderRecord } from '@patchbay/llm/providers/define-provider';

import type { ProviderRuntime } from '../pipeline/ports.ts';
import type { Upstream } from '../relay/upstream.ts';
import type { Changefeed, Repositories, RowSecrets } from '../storage/ports.ts';
import type { ModelRecord as ModelRow, ProviderRecord as ProviderRow } from '../storage/records.ts';
import { describeRow } from './describe-row.ts';
import { ModelIndex } from './model-index.ts';
import { RowMirror } from './row-mirror.ts';
import type { RowProblem, Snapshot } from './snapshot.ts';

/** Rows of a store, and how they are read and followed. */
export interface StoredRows {
  readonly rows: Pick<Repositories, 'providers' | 'models'>;
  readonly secrets: RowSecrets;
  readonly feed: Changefeed;
}

/** What a registry is made of. */
export interface RegistryParts {
  /** Providers that the settings name, and the simulator. */
  readonly settled: ReadonlyMap<string, ProviderRuntime>;
  /** Every provider the product knows, configured or not. */
  readonly records: readonly ProviderRecord[];
  /** Absent where nothing is stored. */
  readonly stored?: StoredRows;
  /** The way to providers of rows. */
  readonly upstream: Upstream;
  readonly clock: Clock;
  /** Told when the store could not be read; what was read last stays in force. */
  readonly onError: (error: unknown) => void;
}

/** One row's runtime with what it was made of. */
interface Held {
  readonly row: ProviderRow;
  /** What the runtime depends on; while it is the same, so is the runtime, and with it what its pool has learned. */
  readonly made: string;
  /** Absent for rows that nobody has filled in. */
  readonly runtime: ProviderRuntime | undefined;
  readonly problem: RowProblem | undefined;
}

/**
 * What can be called now. Reads the store at the start and within a second of a change, and swaps the snapshot as a
 * whole; a row that cannot be used is named in its problems.
 */
export class Registry {
  readonly #parts: RegistryParts;
  readonly #mirrors: { readonly providers: RowMirror<ProviderRow>; readonly models: RowMirror<ModelRow> } | undefined;
  readonly #held = new Map<string, Held>();
  #ids: ReadonlyMap<string, string> = new Map();
  readonly #index = new ModelIndex();
  #snapshot: Snapshot;
  #reading: Promise<unknown> = Promise.resolve();
  #stop: () => void = () => undefined;

  constructor(parts: RegistryParts) {
    this.#parts = parts;
    const rows = parts.stored?.rows;
    this.#mirrors = rows && { providers: new RowMirror(rows.providers), models: new RowMirror<ModelRow>(rows.models) };
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

  /** Id of the row of a provider that can be called; `undefined` for those of the settings alone. */
  rowIdOf(identifier: string): string | undefined {
    return this.#ids.get(identifier);
  }

  /** Reads the store and follows it until `close`. Rejects when the first reading fails. */
  async start(): Promise<void> {
    const { stored } = this.#parts;
    if (stored === undefined) return;
    await this.refresh();
    this.#stop = stored.feed.watch(['providers', 'models'], async () => {
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
    providers.accept();
    models.accept();
    for (const { id } of providers.gone) this.#held.delete(id);
    for (const row of providers.changed) this.#held.set(row.id, await this.#hold(row));
    const identifierOf = (providerId: string): string | undefined => this.#held.get(providerId)?.row.identifier;
    const didListsChange = this.#index.update(models, identifierOf, providers);
    if (providers.changed.length + providers.gone.length > 0 || didListsChange) this.#swap();
    else this.#snapshot = { ...this.#snapshot, loadedAtMs: this.#parts.clock.nowMs() };
    return this.#snapshot;
  }

  async #hold(row: ProviderRow): Promise<Held> {
    const before = this.#held.get(row.id);
    const { apiEndpoint, authMethod, authConfig, capabilities, identifier, name } = row;
    // Sealed texts are compared: no secret is opened for that.
    const made = JSON.stringify([identifier, name, apiEndpoint, authMethod, authConfig, capabilities]);
    if (before !== undefined && before.made === made) return { ...before, row };
    const runtime = await this.#runtimeOf(row);
    if (runtime.ok) return { row, made, runtime: runtime.value, problem: undefined };
    const { path = 'authConfig', message } = runtime.failure;
    const servesOn = before?.runtime !== undefined;
    const problem: RowProblem = { table: 'providers', subject: identifier, message: `${path}: ${message}`, servesOn };
    return { row, made, runtime: before?.runtime, problem };
  }

  async #runtimeOf(row: ProviderRow): Promise<Result<ProviderRuntime | undefined>> {
    const { stored, records, clock, upstream } = this.#parts;
    if (stored === undefined) return ok(undefined);
    const opened = await stored.secrets.openSecrets(row.id, row.authConfig);
    if (!opened.ok) return opened;
    const described = describeRow({ ...row, authConfig: opened.value }, records);
    if (!described.ok) return described;
    const { record, credential } = described.value;
    if (credential === undefined) return ok(undefined);
    const pool = new CredentialPool({ credentials: [credential], clock });
    return ok({ record, baseUrl: record.baseUrl, pool, upstream });
  }

  #swap(): void {
    const runtimes = new Map(this.#parts.settled);
    const problems: RowProblem[] = [];
    this.#ids = new Map([...this.#held.values()].map(({ row }) => [row.identifier, row.id]));
    for (const { row, runtime, problem } of this.#held.values()) {
      if (problem !== undefined) problems.push(problem);
      if (row.status === 'inactive') runtimes.delete(row.identifier);
      // The settings are the operator's own word: a row of the same name does not take their place.
      else if (runtime !== undefined && !runtimes.has(row.identifier)) runtimes.set(row.identifier, runtime);
    }
    this.#snapshot = {
      version: this.#snapshot.version + 1,
      loadedAtMs: this.#parts.clock.nowMs(),
      runtimes,
      models: this.#index.lists(),
      providersOf: (model) => this.#index.providersOf(model),
      problems,
    };
  }
}
