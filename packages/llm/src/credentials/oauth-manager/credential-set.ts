import type { Tokens } from '../oauth/tokens.ts';
import { Secret } from '../secret.ts';

/** One OAuth account as a program describes it. Times are dates or milliseconds since 1970. */
export interface CredentialSet {
  /** Names the account in metrics, alerts and errors; no secret. Default: `credential-1` and so on, in the order given. */
  readonly id?: string;
  readonly clientId?: string;
  readonly clientSecret?: string | Secret;
  /** Absent: the first use asks for one. */
  readonly accessToken?: string | Secret;
  readonly refreshToken?: string | Secret;
  /** When the access token ends. Absent: not known, and it is used until it is refused. */
  readonly expiresAt?: number | Date;
  readonly scopes?: readonly string[];
  readonly lastRefresh?: number | Date;
  readonly refreshCount?: number;
  /** Since when the account is in use, for its rotation. Default: since it was given to the manager. */
  readonly createdAt?: number | Date;
  /** Told of new tokens, to keep them. That it fails is reported; the tokens are used all the same. */
  readonly onTokenRefresh?: (id: string, access: string, refresh: string, expires: Date) => unknown;
}

/** One account as a program is given it to use: everything as plain text. */
export interface UsableCredential extends Omit<CredentialSet, 'expiresAt' | 'lastRefresh'> {
  readonly id: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly clientSecret: string;
  readonly expiresAt?: Date;
  readonly lastRefresh?: Date;
  readonly refreshCount: number;
}

/** What a refresh gives back. Members that are left out stay as they were. */
export type RefreshedTokens = Pick<CredentialSet, 'accessToken' | 'refreshToken' | 'expiresAt' | 'scopes'>;

/** Gets new tokens for an account, from wherever they come. Never called twice at a time for one account. */
export type RefreshFunction = (credential: UsableCredential, signal: AbortSignal) => Promise<RefreshedTokens>;

/** The tokens of a set; `undefined` where it has no access token yet. */
export function tokensOfSet({ accessToken, refreshToken, expiresAt, scopes }: RefreshedTokens): Tokens | undefined {
  const access = secretOf(accessToken);
  if (access === undefined) return undefined;
  const refresh = secretOf(refreshToken);
  const ends = dateOf(expiresAt);
  return {
    accessToken: access,
    tokenType: 'Bearer',
    ...(refresh !== undefined && { refreshToken: refresh }),
    ...(ends !== undefined && { expiresAtMs: ends.getTime() }),
    ...(scopes !== undefined && scopes.length > 0 && { scope: scopes.join(' ') }),
  };
}

/** What a program is handed: the set with the tokens of now. */
export function usableOf(
  id: string,
  set: CredentialSet,
  tokens: Tokens | undefined,
  refreshes: { readonly count: number; readonly lastMs?: number },
): UsableCredential {
  const { expiresAt: _ends, lastRefresh: _last, ...rest } = set;
  const refreshToken = tokens?.refreshToken ?? secretOf(set.refreshToken);
  return {
    ...rest,
    id,
    accessToken: tokens?.accessToken.reveal() ?? '',
    refreshToken: refreshToken?.reveal() ?? '',
    clientSecret: secretOf(set.clientSecret)?.reveal() ?? '',
    ...(tokens?.expiresAtMs !== undefined && { expiresAt: new Date(tokens.expiresAtMs) }),
    ...(refreshes.lastMs !== undefined && { lastRefresh: new Date(refreshes.lastMs) }),
    refreshCount: refreshes.count,
  };
}

/** A date for a date or milliseconds; `undefined` for none, and for the zero that some write in its place. */
export function dateOf(value: number | Date | undefined): Date | undefined {
  const date = value === undefined ? undefined : new Date(value);
  return date === undefined || !(date.getTime() > 0) ? undefined : date;
}

function secretOf(value: string | Secret | undefined): Secret | undefined {
  if (value === undefined || value === '') return undefined;
  return value instanceof Secret ? value : new Secret(value);
}
