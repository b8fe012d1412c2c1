import type { Kysely } from 'kysely';

import type { StoredResponseTable } from '../tables/stored-responses.ts';
import type { Tables } from '../tables/tables.ts';

/** One kept answer; `response` and `input` are JSON texts, times are milliseconds since 1970. */
export interface StoredResponseRecord {
  readonly id: string;
  readonly keyId: string;
  readonly createdAtMs: number;
  readonly previousId: string | undefined;
  readonly status: string;
  readonly response: string;
  readonly input: string;
}

/** Answers of the Responses API, each seen by nobody but the key that asked for it. */
export interface StoredResponseRepository {
  /** Writes all of them or none; what is there already under an id of the same key is replaced. */
  put(records: readonly StoredResponseRecord[]): Promise<void>;
  find(keyId: string, id: string): Promise<StoredResponseRecord | undefined>;
  /** Resolves false when there was none. */
  remove(keyId: string, id: string): Promise<boolean>;
  /** Those whose status is one of `statuses`, oldest first. */
  withStatus(statuses: readonly string[]): Promise<readonly StoredResponseRecord[]>;
  /** Deletes at most `max` of those made before a time; resolves to how many went. */
  removeBefore(createdAtMs: number, max: number): Promise<number>;
}

/** Kept answers in the store. */
export function createStoredResponseRepository(database: Kysely<Tables>): StoredResponseRepository {
  return {
    put: (records) =>
      database.transaction().execute(async (transaction) => {
        for (const record of records)
          await transaction
            .insertInto('stored_responses')
            .values(toRow(record))
            .onConflict((conflict) =>
              conflict
                .column('id')
                .doUpdateSet({ status: record.status, response: record.response, input: record.input })
                .where('stored_responses.key_id', '=', record.keyId),
            )
            .execute();
      }),
    async find(keyId, id) {
      const row = await database
        .selectFrom('stored_responses')
        .selectAll()
        .where('id', '=', id)
        .where('key_id', '=', keyId)
        .executeTakeFirst();
      return row && toRecord(row);
    },
    async remove(keyId, id) {
      const { numDeletedRows } = await database
        .deleteFrom('stored_responses')
        .where('id', '=', id)
        .where('key_id', '=', keyId)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
    async withStatus(statuses) {
      const rows = await database
        .selectFrom('stored_responses')
        .selectAll()
        .where('status', 'in', [...statuses])
        .orderBy('created_at_ms')
        .execute();
      return rows.map(toRecord);
    },
    async removeBefore(createdAtMs, max) {
      const old = database
        .selectFrom('stored_responses')
        .select('id')
        .where('created_at_ms', '<', createdAtMs)
        .orderBy('created_at_ms')
        .limit(max);
      const { numDeletedRows } = await database
        .deleteFrom('stored_responses')
        .where('id', 'in', old)
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}

const toRow = ({ id, keyId, createdAtMs, previousId, status, response, input }: StoredResponseRecord) => ({
  id,
  key_id: keyId,
  created_at_ms: createdAtMs,
  previous_id: previousId ?? null,
  status,
  response,
  input,
});

const toRecord = (row: StoredResponseTable): StoredResponseRecord => ({
  id: row.id,
  keyId: row.key_id,
  // Some drivers give large whole numbers as text.
  createdAtMs: Number(row.created_at_ms),
  previousId: row.previous_id ?? undefined,
  status: row.status,
  response: row.response,
  input: row.input,
});
