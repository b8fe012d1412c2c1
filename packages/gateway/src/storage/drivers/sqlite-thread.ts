import { Worker } from 'node:worker_threads';

import type { SqliteFile, SqliteFrame, SqliteReply, SqliteRequest, SqliteResult } from './sqlite-messages.ts';

/** An error of the database, with its code, e.g. `ERR_SQLITE_ERROR`. */
export class DatabaseError extends Error {
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

interface Waiting {
  readonly resolve: (result: SqliteResult) => void;
  readonly reject: (error: Error) => void;
}

/** Our end of the thread that owns the database file. Statements run in the order they are sent. */
export class SqliteThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #broken: Error | undefined;

  /** A statement waits `lockWaitMs` for a file that another program holds before it fails. */
  constructor(file: string, lockWaitMs = 2500) {
    // Sources run as they are, a published package as compiled files: the worker stands beside us either way.
    const script = new URL(import.meta.url.endsWith('.ts') ? 'sqlite-worker.ts' : 'sqlite-worker.js', import.meta.url);
    this.#worker = new Worker(script, { execArgv: [], workerData: { file, lockWaitMs } satisfies SqliteFile });
    this.#worker.on('message', (reply: SqliteReply) => this.#onReply(reply));
    this.#worker.on('error', (error) => this.#break(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on('exit', () => this.#break(new Error('The database thread has ended.')));
    this.#worker.unref();
  }

  query(sql: string, parameters: readonly unknown[]): Promise<SqliteResult> {
    return this.#ask({ kind: 'query', sql, parameters });
  }

  /**
   * Runs one statement for every row in a transaction of its own, with the statements of `frame` around them; it fails
   * while another one is open.
   */
  async batch(sql: string, rows: readonly (readonly unknown[])[], frame?: SqliteFrame): Promise<void> {
    await this.#ask({ kind: 'batch', sql, rows, ...(frame && { frame }) });
  }

  async close(): Promise<void> {
    if (this.#broken === undefined) await this.#ask({ kind: 'close' });
    await this.#worker.terminate();
  }

  #ask(request: SqliteAsk): Promise<SqliteResult> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken);
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      // An idle thread must not keep a process alive, a pending answer must.
      this.#worker.ref();
      this.#worker.postMessage({ id, ...request } satisfies SqliteRequest);
    });
  }

  #onReply({ id, value, error }: SqliteReply): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if (error !== undefined) waiting?.reject(new DatabaseError(error.message, error.code));
    else if (value !== undefined) waiting?.resolve(value);
  }

  #break(error: Error): void {
    this.#broken ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#broken);
    this.#waiting.clear();
  }
}

type SqliteAsk = SqliteRequest extends infer Each ? (Each extends unknown ? Omit<Each, 'id'> : never) : never;
