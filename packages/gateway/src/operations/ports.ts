import type { Model, ModelTest } from '@patchbay/contract/resources/model';
import type { ProviderHealth } from '@patchbay/contract/resources/health';
import type { ProviderTest } from '@patchbay/contract/resources/provider';
import type { UsageSums } from '@patchbay/contract/resources/usage';
import type { Catalog } from '@patchbay/llm/catalog/catalog';
import type { Clock } from '@patchbay/llm/model/clock';
import type { Result } from '@patchbay/llm/model/failure';
import type { OfferedModel } from '@patchbay/llm/providers/read-model-list';

import type { Repositories, RowSecrets } from '../storage/ports.ts';
import type { ModelRecord, ProviderRecord } from '../storage/records.ts';

/** Rows, one by one or several changes as one. */
export interface Rows extends Repositories {
  /**
   * What `work` does to the rows it is given is kept as a whole when it resolves, and not at all when it rejects. It waits
   * for nothing but them: the embedded store does nothing else meanwhile.
   */
  transaction<Value>(work: (rows: Repositories) => Promise<Value>): Promise<Value>;
}

/** Makes what has been written serve at once; without it, that takes up to a second. */
export interface RegistryPort {
  refresh(): Promise<unknown>;
}

/** Asks providers themselves. A provider that does not answer is a result, never a rejection. */
export interface Prober {
  testProvider(provider: ProviderRecord, signal: AbortSignal): Promise<ProviderTest>;
  testModel(provider: ProviderRecord, model: ModelRecord, signal: AbortSignal): Promise<ModelTest>;
  listModels(provider: ProviderRecord, signal: AbortSignal): Promise<Result<readonly OfferedModel[]>>;
}

/** Sums over the log of calls. */
export interface UsageReport {
  /** Of one provider, named by its identifier, or of one of its models. */
  sums(of: {
    readonly provider: string;
    readonly model?: Model['identifier'];
    readonly fromMs: number;
    readonly toMs: number;
  }): Promise<UsageSums>;
}

/** What is known of providers' health. */
export interface HealthView {
  /** One entry for each provider, in the same order. */
  of(providers: readonly ProviderRecord[]): Promise<readonly ProviderHealth[]>;
}

/** Work that nobody waits for. */
export interface Background {
  /** Does it soon; its signal aborts when the gateway ends. Left out when too much waits already. */
  run(task: (signal: AbortSignal) => Promise<void>): void;
}

/** What the operations on providers, models, templates and their exchange stand on. */
export interface ManagementParts {
  readonly rows: Rows;
  readonly secrets: RowSecrets;
  readonly registry: RegistryPort;
  readonly prober: Prober;
  readonly usage: UsageReport;
  readonly health: HealthView;
  readonly background: Background;
  readonly catalog: () => Promise<Catalog>;
  readonly clock: Clock;
  /** A new UUID. */
  readonly newId: () => string;
}
