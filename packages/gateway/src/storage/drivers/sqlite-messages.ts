/** What the database thread is started with. */
export interface SqliteFile {
  readonly file: string;
  /** How long a statement waits for a file that another program holds, in milliseconds. */
  readonly lockWaitMs: number;
}

/** Statements before and after those of a batch, in its transaction. */
export interface SqliteFrame {
  readonly before: string;
  readonly after: string;
}

/** What the main thread asks of the database thread; replies carry the same id. */
export type SqliteRequest =
  | { readonly id: number; readonly kind: 'query'; readonly sql: string; readonly parameters: readonly unknown[] }
  | {
      readonly id: number;
      readonly kind: 'batch';
      readonly sql: string;
      readonly rows: readonly (readonly unknown[])[];
      readonly frame?: SqliteFrame;
    }
  | { readonly id: number; readonly kind: 'close' };

/** What one statement gave. */
export interface SqliteResult {
  readonly rows: readonly unknown[];
  readonly changes?: bigint;
  readonly insertId?: bigint;
}

/** Exactly one of `value` and `error` is present. */
export interface SqliteReply {
  readonly id: number;
  readonly value?: SqliteResult;
  readonly error?: { readonly message: string; readonly code: string };
}
