import type { RedisFacts } from '../coordination/redis/redis-facts.ts';
import type { StuckLocks } from '../coordination/redis/stuck-locks.ts';
import type { CoordinationState } from '../coordination/coordination.ts';
import type { StoreLooker } from '../storage/looks/store-look.ts';
import type { Store } from '../storage/open-store.ts';
import type { BackupFacts } from './watch/backup-facts.ts';
import type { DateSource } from './watch/clock-sources.ts';
import type { ExtraAuthorities } from './watch/extra-authorities.ts';
import type { FidelityBook } from './watch/fidelity-book.ts';
import type { MemoryTrend } from './watch/memory-trend.ts';
import type { PaceBook } from './watch/pace-book.ts';
import type { PromptBook } from './watch/prompt-book.ts';
import type { RecorderWatch } from './watch/recorder-watch.ts';
import type { RegistryWatch } from './watch/registry-watch.ts';
import type { ReplicaBook } from './watch/replica-book.ts';
import type { SettingsFiles } from './watch/settings-files.ts';

/** What checks of the system may look at: the stores, what is measured over time, and what calls have shown. */
export interface SystemPorts {
  readonly storeLooker: StoreLooker;
  /** How the connections to the store are used; absent for the embedded one. */
  readonly storePool: NonNullable<Store['pool']>;
  /** Whether Redis answers, and what it says of itself where it does; absent where there is none. */
  readonly redis: {
    state(): CoordinationState;
    facts(): Promise<RedisFacts | undefined>;
    readonly locks: StuckLocks;
  };
  readonly paces: Pick<PaceBook, 'slower'>;
  readonly recorders: Pick<RecorderWatch, 'states'>;
  readonly fidelity: Pick<FidelityBook, 'lately'>;
  readonly prompts: Pick<PromptBook, 'breaks'>;
  readonly registryWatch: RegistryWatch;
  readonly replicas: Pick<ReplicaBook, 'self' | 'others'>;
  readonly memoryTrend: Pick<MemoryTrend, 'growth'>;
  /** Servers whose clocks can be asked; of at most a handful. */
  readonly dates: () => Promise<readonly DateSource[]>;
  /** Where pictures are kept; absent where that is a folder of the gateway's own. */
  readonly pictures: {
    readonly kind: 'local' | 'supabase' | 's3';
    /** The setting that says where. */
    readonly setting: string;
    /** Puts a picture there and takes it away again; why that fails, `undefined` where it does not. */
    refusal(): Promise<string | undefined>;
  };
  readonly settingsFiles: SettingsFiles;
  /** Absent where none are named. */
  readonly authorities: ExtraAuthorities;
  readonly backups: BackupFacts;
  /** The version of Node.js that runs, e.g. `26.10.0`. */
  readonly runtimeVersion: string;
  /** Whether the password that the first start made still opens the first administrator's account. */
  readonly firstPassword: () => Promise<boolean>;
}
