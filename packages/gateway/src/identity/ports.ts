import type { KeyLimits } from '@patchbay/contract/resources/api-key';

import type { CallerLimits } from './caller-limits.ts';

/** A stored data-plane key. The key itself is not stored, only its keyed hash. */
export interface KeyRow {
  /** Public id: safe to log and to show. */
  readonly id: string;
  readonly label: string;
  /** HMAC-SHA256 of the whole key under the installation's pepper. */
  readonly hash: Uint8Array;
  /** The same of the text that it had before, which opens until then. */
  readonly older?: { readonly hash: Uint8Array; readonly endsAtMs: number };
  readonly createdAtMs: number;
  readonly revokedAtMs?: number;
  /** What the key may do on management routes. Absent: it calls models and opens no such route. */
  readonly role?: string;
  /** Whose it is: while its owner may not sign in, it opens nothing, and it never may more than its owner. */
  readonly owner?: { readonly id: string; readonly role: string; readonly isActive: boolean };
  readonly limits?: KeyLimits;
  /** Whether the bodies of its calls are kept; absent: as for all. */
  readonly capture?: 'on' | 'off';
  /** When it ends; absent for never. */
  readonly expiresAtMs?: number;
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
  /** Of an administrative key. */
  readonly role?: string;
  /** Whose key it is; absent for keys of nobody in particular. */
  readonly userId?: string;
  /** Whether its calls are answered from memory. Absent: as those of all keys. */
  readonly cacheAnswers?: boolean;
  /** Absent where the key has none. */
  readonly limits?: CallerLimits;
  /** Models that it may call, by name or with a `*` at the end. Absent: all. */
  readonly models?: readonly string[];
  /** Whether the bodies of its calls are kept; absent: as for all. */
  readonly capture?: 'on' | 'off';
}

/** Checks presented keys. Synchronous: the answer comes from memory. */
export interface KeyVerifier {
  verify(presentedKey: string): Caller | 'unknown' | 'revoked' | 'expired';
  /** Who calls with the key of this id, while it is in force. Absent where keys have no ids to be asked for by. */
  callerOf?(keyId: string): Caller | undefined;
}

/** A user as far as signing in needs to know. */
export interface UserAccount {
  readonly id: string;
  readonly username: string;
  /** Name or alias of a role. */
  readonly role: string;
  /** Only `active` may sign in. */
  readonly status: string;
  readonly passwordHash: string;
}

/** Where users are looked up. */
export interface UserDirectory<User extends UserAccount = UserAccount> {
  get(id: string): Promise<User | undefined>;
  /** By user name or e-mail address, whatever the letter case. */
  findByLogin(nameOrEmail: string): Promise<User | undefined>;
}

/** One refresh token; the text itself is not stored. */
export interface SessionToken {
  readonly id: string;
  /** The session: all tokens that came from one login. */
  readonly familyId: string;
  readonly userId: string;
  readonly hash: string;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
}

/** A session that has not ended. */
export interface OpenSession {
  readonly id: string;
  readonly startedAtMs: number;
  readonly expiresAtMs: number;
}

/** Where sessions live. */
export interface SessionStore {
  insert(token: SessionToken): Promise<void>;
  find(hash: string): Promise<SessionToken | undefined>;
  /** `reused`: it had been exchanged before, so its family is now revoked. */
  rotate(
    hash: string,
    next: Pick<SessionToken, 'id' | 'hash' | 'issuedAtMs' | 'expiresAtMs'>,
  ): Promise<{ readonly kind: 'rotated' | 'unknown' | 'expired' | 'revoked' | 'reused' }>;
  revokeFamily(familyId: string, atMs: number): Promise<void>;
  revokeUser(userId: string, atMs: number, exceptFamilyId?: string): Promise<void>;
  /** Sessions of a user that live at that time, the newest first. */
  aliveOf(userId: string, atMs: number): Promise<readonly OpenSession[]>;
  isFamilyAlive(familyId: string, atMs: number): Promise<boolean>;
  /** Makes a family that is alive end at another time; resolves false when it is not. */
  prolongFamily(familyId: string, atMs: number, expiresAtMs: number): Promise<boolean>;
}
