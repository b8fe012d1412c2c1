import type { OperationFailure } from '@patchbay/contract';
import type { KitOAuth, KitOAuthAccount } from '@patchbay/contract/resources/kit-oauth';
import { authKindOf } from '@patchbay/llm/credentials/signers/credential-of-auth-data';

import { readTokenRow, textOf, type TokenRow } from '../../accounts/refresh-row.ts';
import type { OAuthSetting } from '../../config/oauth-settings.ts';
import { ownerFor } from '../accounts/reachable.ts';
import type { Circumstances } from '../handler.ts';
import { settingOf } from '../oauth/begin.ts';
import type { OAuthParts } from '../oauth/parts.ts';
import { timestamp } from '../timestamp.ts';
import { unknownProvider } from './failures.ts';

/** A provider whose accounts are signed in to, by the name that its accounts belong to it by. */
export interface Subject {
  readonly provider: string;
  /** Absent where nobody can sign in here, and accounts come with their tokens. */
  readonly setting: OAuthSetting | undefined;
}

/** The provider of a name: a way to sign in has one, too, such as `google` for `gemini`. */
export function subjectOf(parts: OAuthParts, name: string): Subject | { readonly failure: OperationFailure } {
  const setting = settingOf(parts, name);
  if (setting !== undefined) return { provider: setting.providerId || name, setting };
  if (parts.registry.hostOf(name) !== undefined) return { provider: name, setting };
  return { failure: unknownProvider(name, waysOf(parts)) };
}

/** Names of the ways to sign in. */
const waysOf = ({ clients }: OAuthParts): readonly string[] => clients.all().map(({ definition }) => definition.id);

/** Nobody signs in to this provider here, and no account did elsewhere. */
export const notByOAuth = (parts: OAuthParts, provider: string): OperationFailure => ({
  code: 'NOT_OAUTH_PROVIDER',
  message: `Nobody signs in to ${provider} with OAuth here. There are: ${waysOf(parts).join(', ')}.`,
  details: { provider },
});

/** Accounts that signed in to a provider, as far as somebody reaches them. */
export async function signedIn(
  parts: OAuthParts,
  provider: string | undefined,
  { principal }: Pick<Circumstances, 'principal'>,
): Promise<readonly TokenRow[]> {
  const owner = ownerFor(principal);
  const rows = await parts.rows.accounts.all({
    ...(provider !== undefined && { providerId: provider }),
    ...(owner !== undefined && { createdBy: owner }),
  });
  const read = await Promise.all(rows.map(({ id }) => tokenRow(parts, id)));
  return read.flatMap((each) => (each !== undefined && authKindOf(each.members) === 'oauth' ? [each] : []));
}

/** The tokens of one account; `undefined` where it is gone or cannot be opened. */
export async function tokenRow({ rows, secrets }: OAuthParts, id: string): Promise<TokenRow | undefined> {
  const found = await readTokenRow({ accounts: rows.accounts, secrets }, id);
  return found.ok ? found.value : undefined;
}

/** How signing in to a provider stands, as these accounts of it have it. */
export function presentSignIns(provider: string, rows: readonly TokenRow[], nowMs: number): KitOAuth {
  const accounts = rows.toSorted((one, other) => endOf(other) - endOf(one)).map((row) => presentAccount(row, nowMs));
  const best = accounts.find(({ authenticated }) => authenticated) ?? accounts[0];
  const { account_id: _, label: __, ...tokens } = best ?? { account_id: '', label: '', authenticated: false };
  return { provider, ...tokens, accounts };
}

const endOf = ({ tokens }: TokenRow): number => tokens?.expiresAtMs ?? Number.POSITIVE_INFINITY;

function presentAccount({ row, members, tokens, refreshToken, isParked }: TokenRow, nowMs: number): KitOAuthAccount {
  const expiresAtMs = tokens?.expiresAtMs;
  const isOver = tokens === undefined || (expiresAtMs !== undefined && expiresAtMs <= nowMs);
  const canRenew = refreshToken !== undefined && !isParked;
  const { scope } = row.metadata as Readonly<Record<string, unknown>>;
  const scopes = textOf(members['scope']) ?? (typeof scope === 'string' ? scope : '');
  return {
    account_id: row.id,
    label: row.label,
    authenticated: row.isActive && (!isOver || canRenew),
    token_type: tokens?.tokenType ?? 'Bearer',
    scopes: scopes.split(/[\s,]+/).filter((each) => each !== ''),
    expired: isOver,
    refreshable: canRenew,
    ...(expiresAtMs !== undefined && { expires_at: timestamp(expiresAtMs) }),
  };
}
