import { MIGRATIONS } from '../migrations/index.ts';
import { WATCHED_TABLES } from '../ports.ts';

/** Why a database cannot be used, in one word; `unknown` where it says nothing that is known. */
export type StoreTrouble =
  | 'unreachable'
  | 'silent'
  | 'login'
  | 'no-database'
  | 'no-connection-left'
  | 'locked'
  | 'read-only'
  | 'damaged'
  | 'full'
  | 'unreadable'
  | 'unknown';

/** A database that cannot be used. */
export interface StoreAway {
  readonly kind: 'away';
  readonly engine: 'sqlite' | 'postgres';
  /** How it is named in messages; without a password. */
  readonly place: string;
  readonly trouble: StoreTrouble;
  /** The database's or the network's own words. */
  readonly why: string;
}

/** A statement that has been running for long. */
export interface SlowStatement {
  readonly pid: number;
  readonly seconds: number;
  /** What it does or waits for, e.g. `active` or `idle in transaction`. */
  readonly state: string;
  /** Its beginning, its values taken out. */
  readonly text: string;
  /** Processes whose locks it waits for. */
  readonly blockedBy: readonly number[];
}

/** A database that answers. */
export interface StoreThere {
  readonly kind: 'there';
  readonly engine: 'sqlite' | 'postgres';
  readonly place: string;
  /** Names of migrations that this program knows and the database does not have; all of them before the first start. */
  readonly pending: readonly string[];
  /** Those that it has and this program does not know. */
  readonly unknown: readonly string[];
  /** Tables that its migrations made and that are gone. */
  readonly missingTables: readonly string[];
  /** Why it takes no rows, where it takes none. */
  readonly readOnly?: string;
  /** When the oldest call of the log began, in milliseconds since 1970; absent while there is none. */
  readonly oldestCallMs?: number;
  /** How far its clock goes ahead of ours, in milliseconds; absent where it has none of its own. */
  readonly aheadMs?: number;
  /** Of the server, by everybody, and how many those without special rights may have. */
  readonly connections?: { readonly used: number; readonly max: number };
  /** Those that have been running longer than five seconds. */
  readonly slow: readonly SlowStatement[];
}

/** What a look at a database found. */
export type StoreLook = StoreAway | StoreThere;

/** Looks at a database over a connection of its own, so that it can tell why another one cannot be had. Never rejects. */
export interface StoreLooker {
  look(): Promise<StoreLook>;
  /** What is broken in the file, by the database's own check; empty where nothing is, or where the database has none. */
  damage(): Promise<readonly string[]>;
}

/** A statement that runs for so long, in seconds, is slow. */
export const SLOW_S = 5;

/** Which migrations a database lacks and which it has too many, and which of its tables are gone. */
export function schemaOf(
  applied: readonly string[],
  tables: ReadonlySet<string>,
): Pick<StoreThere, 'pending' | 'unknown' | 'missingTables'> {
  const known = Object.keys(MIGRATIONS);
  const pending = known.filter((name) => !applied.includes(name));
  return {
    pending,
    unknown: applied.filter((name) => !Object.hasOwn(MIGRATIONS, name)),
    // Before the tables are all made none of them is missing.
    missingTables: pending.length > 0 ? [] : ['request_logs', ...WATCHED_TABLES].filter((name) => !tables.has(name)),
  };
}
