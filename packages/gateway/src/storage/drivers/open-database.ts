import type { Clock } from '@patchbay/llm/model/clock';
import type { Kysely } from 'kysely';

import type { CallValues } from '../repositories/call-rows.ts';
import type { Tables } from '../tables/tables.ts';

/** How many connections of a pool are open, how many statements wait for one, and how many there may be. */
export type PoolUse = () => { readonly open: number; readonly waiting: number; readonly max: number };

/** One of the two databases, open, with what only its driver knows. */
export interface OpenDatabase {
  readonly database: Kysely<Tables>;
  /** How it is named in messages; without a password. */
  readonly place: string;
  /** Absent where there is one connection alone. */
  readonly pool?: PoolUse;
  /** Runs `work` with no limit on how long a statement may take: tables change slower than rows. */
  forMigration(work: (database: Kysely<Tables>) => Promise<void>): Promise<void>;
  writeCalls(rows: readonly CallValues[]): Promise<void>;
  /** Calls back soon after somebody else has changed something, as far as the database tells; returns how to stop. */
  listen(clock: Clock, onNotice: () => void): () => Promise<void>;
  close(): Promise<void>;
}
