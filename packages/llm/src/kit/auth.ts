import { FileTokenStorage, type FileStorageOptions } from '../credentials/stores/file-storage.ts';
import { MemoryTokenStorage, type MemoryStorageOptions } from '../credentials/stores/memory-storage.ts';
import type { TokenStorage } from '../credentials/stores/token-storage.ts';
import { systemClock, type Clock } from '../model/clock.ts';

export { AUTH_ERRORS, AuthError, type AuthErrorCode } from '../credentials/auth-error.ts';
export type { BackupOptions } from '../credentials/stores/backups.ts';
export type { FileStorageOptions } from '../credentials/stores/file-storage.ts';
export type { MemoryStorageOptions } from '../credentials/stores/memory-storage.ts';
export type { StoredToken, TokenStorage } from '../credentials/stores/token-storage.ts';

/** The machine's own clock, unless a test brings another. */
export interface ClockSetting {
  readonly clock?: Clock;
}

/** Where tokens are kept when nobody says where. */
export const TOKENS_FILE = '.tokens.json';

/**
 * Keeps tokens in a file, or in a folder with a file for each. Default: `.tokens.json` in the working directory. Files are
 * for their owner alone, changes are atomic, processes may share them. Needs Node; elsewhere each use throws
 * `storage_error`.
 */
export const newFileTokenStorage = (
  path: string = TOKENS_FILE,
  { clock = systemClock, ...options }: FileStorageOptions & ClockSetting = {},
): TokenStorage & Required<Pick<TokenStorage, 'exclusively'>> => new FileTokenStorage(clock, path, options);

/** Keeps tokens in memory, at most 100: gone with the process. */
export const newMemoryTokenStorage = ({
  clock = systemClock,
  ...options
}: MemoryStorageOptions & ClockSetting = {}): TokenStorage => new MemoryTokenStorage(clock, options);
