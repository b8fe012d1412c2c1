/** What is known of backups, where Patchbay keeps them itself. */
export interface BackupFacts {
  /** When the newest was made, in milliseconds since 1970; `undefined` where there is none. */
  newestMs(): Promise<number | undefined>;
  /** Since when there is anything that could be lost, in milliseconds since 1970. */
  storeSinceMs(): Promise<number | undefined>;
}
