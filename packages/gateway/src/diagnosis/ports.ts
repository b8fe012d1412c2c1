import type { Secret } from '@patchbay/llm/credentials/secret';
import type { Clock } from '@patchbay/llm/model/clock';
import type { ProviderRecord } from '@patchbay/llm/providers/define-provider';

import type { QuotaBook } from '../accounts/quota-book.ts';
import type { Settings } from '../config/settings.ts';
import type { CoordinationState } from '../coordination/coordination.ts';
import type { ProbeFinding } from '../egress/proxy-health.ts';
import type { PooledProxy } from '../egress/proxy-pool.ts';
import type { ShownStanding } from '../pipeline/foresight.ts';
import type { Registry } from '../registry/registry.ts';
import type { Repositories, RowSecrets } from '../storage/ports.ts';
import type { CallReader } from '../storage/repositories/call-reader.ts';
import type { RefusalBook } from '../telemetry/refusal-book.ts';
import type { DataFolder } from './data-folder.ts';
import type { Prober } from './probe/prober.ts';
import type { ProcessFacts } from './process-facts.ts';
import type { SystemPorts } from './system-ports.ts';

/**
 * What checks may look at, read-only but for what a fix needs. Every part may be absent: of a gateway that is not
 * running, of one without Redis, of a machine that does not tell. A check of an absent part is left out.
 */
export interface DoctorPorts extends SystemPorts {
  readonly clock: Clock;
  readonly settings: Settings;
  readonly rows: Repositories;
  readonly secrets: RowSecrets;
  readonly prober: Prober;
  readonly dataFolder: DataFolder;
  readonly process: ProcessFacts;
  /** What can be called, and rows that cannot be used. */
  readonly registry: Pick<Registry, 'current' | 'hostOf'>;
  /** Every provider that settings and accounts may name. */
  readonly records: readonly ProviderRecord[];
  /** The log of calls, the newest first. */
  readonly calls: CallReader;
  /** Requests that this process refused lately. */
  readonly refusals: Pick<RefusalBook, 'recent'>;
  readonly quotas: Pick<QuotaBook, 'states'>;
  /** How many accounts were chosen for a provider's model, and since when this process chooses. */
  readonly turns: {
    readonly sinceMs: number;
    taken(providerId: string, model: string): number | Promise<number>;
  };
  readonly coordination: () => CoordinationState;
  readonly proxies: {
    all(): readonly PooledProxy[];
    probe(proxy: PooledProxy): Promise<ProbeFinding>;
    /** Takes a dead proxy out and gives its accounts others; `undefined` where it lives. */
    moveFromDead(id: string): Promise<MovedAccounts | undefined>;
  };
  /** Where the limits of keys and accounts stand; of at most a few hundred. */
  readonly standings: () => Promise<readonly OwnedStanding[]>;
  /** True for a key that somebody copied from a guide and did not replace. */
  readonly isPlaceholder: (key: Secret | string) => boolean;
  /** Built-in templates that the store does not have, by id, and how they are brought back. */
  readonly builtIns: { missing(): Promise<readonly string[]>; restore(): Promise<void> };
}

/** Accounts that got another proxy, and how many found none. */
export interface MovedAccounts {
  readonly moves: readonly { readonly accountId: string; readonly from: number | undefined; readonly to: number }[];
  readonly stranded: number;
}

/** A limit with whose it is. */
export interface OwnedStanding extends ShownStanding {
  /** `key` or `account`, with its id. */
  readonly of: 'key' | 'account';
  readonly id: string;
  /** Of an account. */
  readonly providerId?: string;
}
