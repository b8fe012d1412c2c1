import { stat, statfs } from 'node:fs/promises';
import path from 'node:path';

import type { Clock } from '@patchbay/llm/model/clock';

import { SqliteThread } from '../drivers/sqlite-thread.ts';
import { schemaOf, type StoreLooker, type StoreThere, type StoreTrouble } from './store-look.ts';

/** A file that is held so long, in milliseconds, is held by a program that does not let go. */
const LOCK_MS = 5000;
/** How long what the database said of its file holds, in milliseconds: it reads the whole of it for that. */
const DAMAGE_MS = 600_000;
/** Larger files are not read as a whole, in bytes: that takes longer than somebody waits. */
const DAMAGE_BYTES = 512 * 1024 * 1024;
/** With less room than this, in bytes, the next transaction may be the one that fails. */
const ROOM_BYTES = 64 * 1024;

/** Looks at `<dataDir>/patchbay.db` on a thread of its own, which ends with the look. Bears a lock for `lockWaitMs`, default 5,000. */
export function sqliteLooker(dataDir: string, clock: Clock, lockWaitMs = LOCK_MS): StoreLooker {
  const place = path.join(dataDir, 'patchbay.db');
  let known: { readonly atMs: number; readonly damage: readonly string[] } | undefined;
  return {
    async look() {
      const away = { kind: 'away', engine: 'sqlite', place } as const;
      try {
        const there = await onThread(place, lockWaitMs, lookOver);
        // A transaction that writes nothing begins and ends well on a full disk, too.
        const full = await fullnessOf(dataDir);
        return full === undefined ? { kind: 'there', engine: 'sqlite', place, ...there } : { ...away, ...full };
      } catch (error) {
        const trouble = troubleOf(error);
        // Where its helper files find no room, SQLite speaks of the disk alone.
        const full = trouble.trouble === 'unreadable' ? await fullnessOf(dataDir) : undefined;
        return { ...away, ...(full ?? trouble) };
      }
    },
    async damage() {
      if (known !== undefined && clock.monotonicMs() - known.atMs < DAMAGE_MS) return known.damage;
      const damage = await damageOf(place);
      known = { atMs: clock.monotonicMs(), damage };
      return damage;
    },
  };
}

/** That there is no room left where the store lies; `undefined` while there is some, or where nobody tells. */
async function fullnessOf(folder: string): Promise<ReturnType<typeof troubleOf> | undefined> {
  const room = await statfs(folder).catch(() => undefined);
  // Some file systems tell no size.
  if (room === undefined || room.blocks === 0 || room.bavail * room.bsize >= ROOM_BYTES) return undefined;
  return { trouble: 'full', why: `${room.bavail * room.bsize} bytes are free` };
}

type Ask = <Row>(sql: string) => Promise<readonly Row[]>;

async function onThread<T>(file: string, lockWaitMs: number, work: (ask: Ask) => Promise<T>): Promise<T> {
  // Opening would make the file where there is none.
  await stat(file);
  const thread = new SqliteThread(file, lockWaitMs);
  try {
    return await work(async <Row>(sql: string) => (await thread.query(sql, [])).rows as readonly Row[]);
  } finally {
    await thread.close().catch(() => undefined);
  }
}

async function lookOver(ask: Ask): Promise<Omit<StoreThere, 'kind' | 'engine' | 'place'>> {
  const tables = new Set((await ask<Named>("select name from sqlite_master where type = 'table'")).map(nameOf));
  const applied = tables.has('kysely_migration') ? await ask<Named>('select name from kysely_migration') : [];
  const schema = schemaOf(applied.map(nameOf), tables);
  const [oldest] = tables.has('request_logs')
    ? await ask<{ at: number }>('select started_at_ms as at from request_logs order by id limit 1')
    : [];
  // Whether it can be written only asking to write tells.
  await ask('begin immediate');
  await ask('rollback');
  return { ...schema, ...(oldest && { oldestCallMs: oldest.at }), slow: [] };
}

interface Named {
  readonly name: string;
}

const nameOf = ({ name }: Named): string => name;

async function damageOf(file: string): Promise<readonly string[]> {
  try {
    if ((await stat(file)).size > DAMAGE_BYTES) return [];
    const said = await onThread(file, LOCK_MS, (ask) => ask<{ quick_check: string }>('pragma quick_check(5)'));
    return said.map(({ quick_check: each }) => each).filter((each) => each !== 'ok');
  } catch (error) {
    const { trouble, why } = troubleOf(error);
    return trouble === 'damaged' ? [why] : [];
  }
}

/** The words of SQLite and of the file system. */
const TROUBLES: readonly (readonly [RegExp, StoreTrouble])[] = [
  [/is locked/, 'locked'],
  [/not a database|malformed/, 'damaged'],
  [/readonly|EROFS/, 'read-only'],
  [/is full/, 'full'],
  [/unable to open|EACCES|ENOENT|ENOTDIR|disk I\/O/, 'unreadable'],
];

function troubleOf(error: unknown): { readonly trouble: StoreTrouble; readonly why: string } {
  const why = error instanceof Error ? error.message : String(error);
  return { trouble: TROUBLES.find(([words]) => words.test(why))?.[1] ?? 'unknown', why };
}
