import type { Tokens } from '@patchbay/llm/credentials/oauth/tokens';
import { Secret } from '@patchbay/llm/credentials/secret';
import { failed, ok, type Failure, type Result } from '@patchbay/llm/model/failure';

import type { Accounts, RowSecrets } from '../storage/ports.ts';
import type { AccountRecord, JsonWithSecrets } from '../storage/records.ts';

/** What an account's row says by member, its secrets opened. */
export type AuthMembers = Readonly<Record<string, JsonWithSecrets | undefined>>;

/** An account's row as far as its tokens go. */
export interface TokenRow {
  readonly row: AccountRecord;
  readonly members: AuthMembers;
  /** Grows by one with each renewal. */
  readonly generation: number;
  /** Absent where there is no access token in it. */
  readonly tokens: Tokens | undefined;
  readonly refreshToken: Secret | undefined;
  /** True when the provider refused to renew exactly this version. */
  readonly isParked: boolean;
}

/** Where rows are and how they are opened. */
export interface TokenRowParts {
  readonly accounts: Pick<Accounts, 'get' | 'update'>;
  readonly secrets: Pick<RowSecrets, 'openAuthData'>;
}

/** Reads an account's row. One that is gone is a `not-found` failure. */
export async function readTokenRow({ accounts, secrets }: TokenRowParts, id: string): Promise<Result<TokenRow>> {
  const row = await accounts.get(id);
  if (row === undefined) return failed(GONE);
  const opened = await secrets.openAuthData(id, row.authData);
  if (!opened.ok) return opened;
  const members = membersOf(opened.value);
  const refreshToken = secretOf(members, 'refresh_token', 'refreshToken');
  const accessToken = secretOf(members, 'access_token', 'accessToken', 'token');
  return ok({
    row,
    members,
    generation: row.tokenGeneration ?? 0,
    refreshToken,
    tokens: accessToken && tokensOf(row, members, { accessToken, refreshToken }),
    isParked: row.tokenParkedVersion === row.version,
  });
}

function tokensOf(
  row: AccountRecord,
  members: AuthMembers,
  { accessToken, refreshToken }: { readonly accessToken: Secret; readonly refreshToken: Secret | undefined },
): Tokens {
  const expiresAtMs = expiryOf(row);
  const lives = Number(textOf(members['expires_in']) ?? members['expires_in']);
  return {
    accessToken,
    tokenType: textOf(members['token_type']) ?? 'Bearer',
    ...(refreshToken !== undefined && { refreshToken }),
    ...(expiresAtMs !== undefined && { expiresAtMs }),
    ...(lives > 0 && { livesMs: lives * 1000 }),
  };
}

/** When the token of a row ends, in milliseconds since 1970, without opening a secret; `undefined` where nothing says it. */
export function expiryOf({
  authData,
  expiresAtMs,
}: Pick<AccountRecord, 'authData' | 'expiresAtMs'>): number | undefined {
  const members = membersOf(authData);
  const said = members['expires_at'] ?? members['expiresAt'];
  const number = typeof said === 'number' ? said : typeof said === 'string' && /^\d+$/.test(said) ? Number(said) : NaN;
  // Seconds stay below this for thirty thousand years, milliseconds have been above it since 2001.
  if (number > 0) return number < 1e12 ? number * 1000 : number;
  const date = typeof said === 'string' ? Date.parse(said) : NaN;
  return Number.isNaN(date) ? expiresAtMs : date;
}

/** What presents the account with other tokens in it; everything else in it stays as it is, sealed texts too. */
export function withTokens(authData: JsonWithSecrets, tokens: Tokens): JsonWithSecrets {
  const members = membersOf(authData);
  const { accessToken, refreshToken, expiresAtMs, livesMs, tokenType } = tokens;
  const name = (snake: string, ...others: readonly string[]): string =>
    others.find((each) => members[each] !== undefined && members[snake] === undefined) ?? snake;
  return {
    ...members,
    [name('access_token', 'accessToken', 'token')]: accessToken,
    ...(refreshToken !== undefined && { [name('refresh_token', 'refreshToken')]: refreshToken }),
    [name('expires_at', 'expiresAt')]: expiresAtMs === undefined ? null : writtenTime(members, expiresAtMs),
    expires_in: livesMs === undefined ? null : Math.round(livesMs / 1000),
    token_type: tokenType,
  };
}

/** A time as the row had it: seconds or milliseconds where it was a number. */
function writtenTime(members: AuthMembers, ms: number): string | number {
  const before = members['expires_at'] ?? members['expiresAt'];
  if (typeof before !== 'number') return new Date(ms).toISOString();
  return before < 1e12 ? Math.floor(ms / 1000) : ms;
}

/** A text that is no secret, or is none in this row. */
export const textOf = (value: JsonWithSecrets | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** The first of these members that is there, wrapped. */
export function secretOf(members: AuthMembers, ...names: readonly string[]): Secret | undefined {
  for (const name of names) {
    const value = members[name];
    if (value instanceof Secret) return value;
    if (typeof value === 'string' && value !== '') return new Secret(value);
  }
  return undefined;
}

const GONE: Failure = { kind: 'not-found', message: 'There is no such account any more.' };

/** The members of a JSON object; none of anything else. */
export function membersOf(value: JsonWithSecrets | undefined): AuthMembers {
  if (typeof value !== 'object' || value === null || value instanceof Secret || Array.isArray(value)) return {};
  return value as AuthMembers;
}
