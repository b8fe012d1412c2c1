import { chmodSync, readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

import type { SqliteFile, SqliteFrame, SqliteReply, SqliteRequest, SqliteResult } from './sqlite-messages.ts';

/** The thread that owns the database file: every statement runs here, so that no disk ever holds up a request. */

/**
 * Pages of 4 KiB written before they are moved into the file, where SQLite's own default is 1,000: batches change the same
 * pages of the log's orders again and again, and each is then moved less often.
 */
const CHECKPOINT_PAGES = 4000;

/** How far this thread steps back, from 0 to 19: on a lone core a batch would else hold up every call for its length. */
const NICENESS = 10;

// The thread's other end gives exactly this.
const { file, lockWaitMs } = workerData as SqliteFile;
yieldToCalls();
const database = open();

/** On Linux each thread has a priority of its own; elsewhere this one keeps that of the process. */
function yieldToCalls(): void {
  try {
    const thread = readlinkSync('/proc/thread-self').split('/').at(-1);
    setPriority(Number(thread), NICENESS);
  } catch {
    // No such folder, or not allowed: rows are written all the same.
  }
}

function open(): DatabaseSync {
  const opened = new DatabaseSync(file, { timeout: lockWaitMs });
  // Rows name providers, accounts and callers: they are the owner's to read.
  chmodSync(file, 0o600);
  // FULL: what has been committed survives a loss of power.
  opened.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
  opened.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  return opened;
}

function answer(request: SqliteRequest): SqliteResult {
  if (request.kind === 'batch') return runBatch(request.sql, request.rows, request.frame);
  if (request.kind === 'close') {
    database.close();
    return { rows: [] };
  }
  const statement = database.prepare(request.sql);
  if (statement.columns().length > 0) return { rows: statement.all(...(request.parameters as SQLInputValue[])) };
  const { changes, lastInsertRowid } = statement.run(...(request.parameters as SQLInputValue[]));
  return { rows: [], changes: BigInt(changes), insertId: BigInt(lastInsertRowid) };
}

/** One statement over many rows in one transaction: all of them or none. */
function runBatch(sql: string, rows: readonly (readonly unknown[])[], frame: SqliteFrame | undefined): SqliteResult {
  database.exec('BEGIN IMMEDIATE');
  try {
    if (frame !== undefined) database.exec(frame.before);
    const statement = database.prepare(sql);
    for (const row of rows) statement.run(...(row as SQLInputValue[]));
    if (frame !== undefined) database.exec(frame.after);
    database.exec('COMMIT');
    return { rows: [] };
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

parentPort?.on('message', (request: SqliteRequest) => {
  try {
    parentPort?.postMessage({ id: request.id, value: answer(request) } satisfies SqliteReply);
  } catch (error) {
    const { message, code } = error as Error & { code?: string };
    parentPort?.postMessage({ id: request.id, error: { message, code: code ?? 'ERR_SQLITE' } } satisfies SqliteReply);
  }
});
