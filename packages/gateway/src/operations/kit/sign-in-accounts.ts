import type { OperationFailure } from '@patchbay/contract';
import type { KitOAuth, KitOAuthAccount } from '@patchbay/contract/resources/kit-oauth';
import { authKindOf } from '@patchbay/llm/credentials/signers/credential-of-auth-data';

import { expiryOf, membersOf, secretOf, textOf } from '../../accounts/refresh-row.ts';
import type { OAuthSetting } from '../../config/oauth-settings.ts';
import type { AccountRecord } from '../../storage/records.ts';
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

/** Accounts that signed in to a provider, as far as somebody reaches them. No secret is opened. */
export async function signedIn(
  { rows }: Pick<OAuthParts, 'rows'>,
  provider: string | undefined,
  { principal }: Pick<Circumstances, 'principal'>,
): Promise<readonly AccountRecord[]> {
  const owner = ownerFor(principal);
  const reached = await rows.accounts.all({
    ...(provider !== undefined && { providerId: provider }),
    ...(owner !== undefined && { createdBy: owner }),
  });
  return reached.filter(({ authData }) => authKindOf(membersOf(authData)) === 'oauth');
}

/** How signing in to a provider stands, as these accounts of it have it. */
export function presentSignIns(provider: string, rows: readonly AccountRecord[], nowMs: number): KitOAuth {
  const accounts = rows.toSorted((one, other) => endOf(other) - endOf(one)).map((row) => presentAccount(row, nowMs));
  const best = accounts.find(({ authenticated }) => authenticated) ?? accounts[0];
  const { account_id: _, label: __, ...tokens } = best ?? { account_id: '', label: '', authenticated: false };
  return { provider, ...tokens, accounts };
}

const endOf = (row: AccountRecord): number => expiryOf(row) ?? Number.POSITIVE_INFINITY;

function presentAccount(row: AccountRecord, nowMs: number): KitOAuthAccount {
  const members = membersOf(row.authData);
  const expiresAtMs = expiryOf(row);
  const hasToken = secretOf(members, 'access_token', 'accessToken', 'token') !== undefined;
  const isOver = !hasToken || (expiresAtMs !== undefined && expiresAtMs <= nowMs);
  const isParked = row.tokenParkedVersion === row.version;
  const canRenew = secretOf(members, 'refresh_token', 'refreshToken') !== undefined && !isParked;
  const { scope } = row.metadata as Readonly<Record<string, unknown>>;
  const scopes = textOf(members['scope']) ?? (typeof scope === 'string' ? scope : '');
  return {
    account_id: row.id,
    label: row.label,
    authenticated: row.isActive && (!isOver || canRenew),
    token_type: textOf(members['token_type']) ?? 'Bearer',
    scopes: scopes.split(/[\s,]+/).filter((each) => each !== ''),
    expired: isOver,
    refreshable: canRenew,
    ...(expiresAtMs !== undefined && { expires_at: timestamp(expiresAtMs) }),
  };
}
