import { Secret } from '../secret.ts';
import type { Tokens } from '../oauth/tokens.ts';
import { storeError } from './file-system.ts';
import type { StoredToken } from './token-storage.ts';

/** Members by their names in programs and in files. */
const NAMES = [
  ['accessToken', 'access_token'],
  ['refreshToken', 'refresh_token'],
  ['expiresAt', 'expires_at'],
  ['tokenType', 'token_type'],
  ['scopes', 'scopes'],
  ['clientId', 'client_id'],
  ['clientSecret', 'client_secret'],
  ['redirectUrl', 'redirect_url'],
  ['authUrl', 'auth_url'],
  ['tokenUrl', 'token_url'],
] as const satisfies readonly (readonly [keyof StoredToken, string])[];

/** A token as it is written into files. */
export type WrittenToken = Readonly<Record<string, unknown>>;

/** Members of a token by their names in files, times as ISO 8601. Throws `storage_error` for what is no token. */
export function writtenToken(token: StoredToken): WrittenToken {
  if (typeof token !== 'object' || token === null)
    throw storeError('storage_error', 'A token to be stored must be an object, e.g. { accessToken, refreshToken }');
  const { expiresAt } = token;
  if (expiresAt !== undefined && !isDate(expiresAt))
    throw storeError('storage_error', 'expiresAt of a token must be a valid Date');
  return Object.fromEntries(
    NAMES.flatMap(([name, written]) => (token[name] === undefined ? [] : [[written, token[name]]])),
  );
}

/** The token again. Throws `storage_error` where what was written is none. */
export function readToken(written: unknown, where: string): StoredToken {
  if (typeof written !== 'object' || written === null || Array.isArray(written)) throw noToken(where);
  const read = written as WrittenToken;
  const token = Object.fromEntries(
    NAMES.flatMap(([name, member]) => {
      const value = name === 'expiresAt' ? dateOf(read[member]) : read[member];
      return value === undefined || value === null ? [] : [[name, value]];
    }),
  ) as StoredToken;
  if (Object.entries(token).some(([name, value]) => !isMember(name, value))) throw noToken(where);
  return token;
}

const noToken = (where: string): Error =>
  storeError('storage_error', `${where} holds something else than tokens. Move it away, or name another file`);

const isMember = (name: string, value: unknown): boolean => {
  if (name === 'expiresAt') return isDate(value);
  if (name === 'scopes') return Array.isArray(value) && value.every((each) => typeof each === 'string');
  return typeof value === 'string';
};

const isDate = (value: unknown): value is Date => value instanceof Date && !Number.isNaN(value.getTime());

/** Some write the year 1 where there is no end. */
function dateOf(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return value.startsWith('0001-') ? undefined : new Date(value);
}

/** Tokens as they are kept, with their secrets as text. */
export const storedOf = ({ accessToken, refreshToken, expiresAtMs, tokenType, scope }: Tokens): StoredToken => ({
  accessToken: accessToken.reveal(),
  tokenType,
  ...(refreshToken !== undefined && { refreshToken: refreshToken.reveal() }),
  ...(expiresAtMs !== undefined && { expiresAt: new Date(expiresAtMs) }),
  ...(scope !== undefined && { scopes: scope.split(' ') }),
});

/** Kept tokens as they are presented; `undefined` where there is no access token. */
export function tokensOf({ accessToken, refreshToken, expiresAt, tokenType, scopes }: StoredToken): Tokens | undefined {
  if (accessToken === undefined || accessToken === '') return undefined;
  return {
    accessToken: new Secret(accessToken),
    tokenType: tokenType ?? 'Bearer',
    ...(refreshToken !== undefined && refreshToken !== '' && { refreshToken: new Secret(refreshToken) }),
    ...(expiresAt !== undefined && { expiresAtMs: expiresAt.getTime() }),
    ...(scopes !== undefined && scopes.length > 0 && { scope: scopes.join(' ') }),
  };
}
