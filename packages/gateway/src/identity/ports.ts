/** A stored data-plane key. The key itself is not stored, only its keyed hash. */
export interface KeyRow {
  /** Public id: safe to log and to show. */
  readonly id: string;
  readonly label: string;
  /** HMAC-SHA256 of the whole key under the installation's pepper. */
  readonly hash: Uint8Array;
  readonly createdAtMs: number;
  readonly revokedAtMs?: number;
}

/** Where keys live. */
export interface KeyStore {
  list(): Promise<readonly KeyRow[]>;
  insert(row: KeyRow): Promise<void>;
  /** Resolves false when there is no such key. */
  revoke(id: string, atMs: number): Promise<boolean>;
  /**
   * Calls back once soon after the start and within a second of any change to the keys, made by this process or another;
   * again when the callback rejects. Returns how to stop.
   */
  watch(onChange: () => void | Promise<void>): () => void;
}

/** Who sent a data-plane request. */
export interface Caller {
  readonly keyId: string;
  readonly label: string;
}

/** Checks presented keys. Synchronous: the answer comes from memory. */
export interface KeyVerifier {
  verify(presentedKey: string): Caller | 'unknown' | 'revoked';
}
