import { sql, type Kysely, type RawBuilder } from 'kysely';

import type { RefreshTokens, Rotated } from '../ports.ts';
import type { RefreshTokenRecord } from '../records.ts';
import type { Tables } from '../tables/tables.ts';
import { inTransaction } from './in-transaction.ts';
import { toRecord, type Row } from './resource.ts';
import { REFRESH_TOKENS } from './resources.ts';
import { createJournal, type RepositoryParts } from './table-repository.ts';

type Next = Parameters<RefreshTokens['rotate']>[1];

/** Refresh tokens and their families. */
export function createRefreshTokens(parts: RepositoryParts): RefreshTokens {
  const { database } = parts;
  return {
    insert: (token) => insert(parts, token),
    find: (hash) => find(database, hash),
    rotate: (hash, next) => inTransaction(database, (within) => rotate({ ...parts, database: within }, hash, next)),
    revokeFamily: (familyId, atMs) => revoke(database, sql`family_id = ${familyId}`, atMs),
    revokeUser: (userId, atMs, exceptFamilyId) =>
      revoke(database, sql`user_id = ${userId} and family_id <> ${exceptFamilyId ?? ''}`, atMs),
    aliveOf: async (userId, atMs) => {
      const alive = sql<Row>`
        select family_id, min(issued_at_ms) as started_at_ms, max(expires_at_ms) as expires_at_ms from refresh_tokens
        where user_id = ${userId} and revoked_at_ms is null group by family_id having max(expires_at_ms) > ${atMs}
        order by started_at_ms desc, family_id`;
      return (await alive.execute(database)).rows.map((row) => ({
        id: String(row['family_id']),
        startedAtMs: Number(row['started_at_ms']),
        expiresAtMs: Number(row['expires_at_ms']),
      }));
    },
    isFamilyAlive: async (familyId, atMs) => {
      const alive = sql`select id from refresh_tokens
        where family_id = ${familyId} and revoked_at_ms is null and expires_at_ms > ${atMs} limit 1`;
      return (await alive.execute(database)).rows.length > 0;
    },
    prolongFamily: async (familyId, atMs, expiresAtMs) => {
      const prolonged = sql`update refresh_tokens set expires_at_ms = ${expiresAtMs}
        where family_id = ${familyId} and revoked_at_ms is null and expires_at_ms > ${atMs} returning id`;
      return (await prolonged.execute(database)).rows.length > 0;
    },
    removeExpired: async (beforeMs) => {
      const gone = sql`delete from refresh_tokens where expires_at_ms < ${beforeMs} returning id`;
      return (await gone.execute(database)).rows.length;
    },
  };
}

async function insert(parts: RepositoryParts, token: RefreshTokenRecord): Promise<void> {
  const inserted = await createJournal(parts, REFRESH_TOKENS).insert(token);
  if (inserted.kind === 'duplicate') throw new Error('This refresh token is there already.');
}

async function find(database: Kysely<Tables>, hash: string): Promise<RefreshTokenRecord | undefined> {
  const { rows } = await sql<Row>`select * from refresh_tokens where hash = ${hash}`.execute(database);
  return rows[0] && toRecord(REFRESH_TOKENS, rows[0]);
}

/** The first statement both asks and takes, so of two at once one finds it taken. */
async function rotate(parts: RepositoryParts, hash: string, next: Next): Promise<Rotated> {
  const { database } = parts;
  const { rows } = await sql<Row>`update refresh_tokens set used_at_ms = ${next.issuedAtMs}
    where hash = ${hash} and used_at_ms is null and revoked_at_ms is null and expires_at_ms > ${next.issuedAtMs}
    returning *`.execute(database);
  if (rows[0] === undefined) return refuse(database, await find(database, hash), next.issuedAtMs);
  const { familyId, userId } = toRecord(REFRESH_TOKENS, rows[0]);
  await insert(parts, { ...next, familyId, userId });
  return { kind: 'rotated' };
}

async function refuse(database: Kysely<Tables>, token: RefreshTokenRecord | undefined, atMs: number): Promise<Rotated> {
  if (token === undefined) return { kind: 'unknown' };
  if (token.revokedAtMs !== undefined) return { kind: 'revoked' };
  if (token.usedAtMs === undefined) return { kind: 'expired' };
  await revoke(database, sql`family_id = ${token.familyId}`, atMs);
  return { kind: 'reused', familyId: token.familyId, userId: token.userId };
}

async function revoke(database: Kysely<Tables>, whose: RawBuilder<unknown>, atMs: number): Promise<void> {
  await sql`update refresh_tokens set revoked_at_ms = ${atMs} where ${whose} and revoked_at_ms is null`.execute(
    database,
  );
}
