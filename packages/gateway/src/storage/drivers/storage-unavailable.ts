/** The store does not answer now; what was asked may have been done or not. It recovers by itself: ask again later. */
export class StorageUnavailable extends Error {
  readonly kind = 'storage-unavailable';

  constructor(why: string, cause: unknown) {
    super(`The database does not answer (${why}).`, { cause });
    this.name = 'StorageUnavailable';
  }
}

/** SQLSTATE classes and codes by which PostgreSQL says that it is not there for us; the rest are answers. */
const AWAY = /^(?:08|53|57|58|55P03|25P03)/;

/** The failure behind an error of the PostgreSQL driver: the error itself where the server has answered. */
export function failureOf(error: unknown): unknown {
  if (error instanceof StorageUnavailable) return error;
  const { code, message } = error as { code?: unknown; message?: unknown };
  const isState = typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code);
  // Errors without a SQLSTATE come from the socket or from the driver's own time limits.
  if (isState && !AWAY.test(code)) return error;
  return new StorageUnavailable(typeof message === 'string' && message !== '' ? message : String(code), error);
}

/** SQLite's words for a file that cannot be used now; the rest are answers. */
const FILE_AWAY = /is locked|disk is full|disk I\/O error|readonly database|unable to open/;

/** The failure behind an error of the embedded database: the error itself where the file could be used. */
export const fileFailureOf = (error: unknown): unknown =>
  error instanceof Error && FILE_AWAY.test(error.message) ? new StorageUnavailable(error.message, error) : error;
