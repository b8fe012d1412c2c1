import { revokeToken } from '@patchbay/llm/credentials/oauth/revoke';
import { ok } from '@patchbay/llm/model/failure';

import { readTokenRow, type TokenRow } from '../../accounts/refresh-row.ts';
import type { AccountRecord } from '../../storage/records.ts';
import { ACCOUNT_NOT_FOUND, wrong } from '../accounts/failures.ts';
import { auditedAccount, presentAccount, seatOf } from '../accounts/present-account.ts';
import { reachable } from '../accounts/reachable.ts';
import { done, refused, type Answer, type Circumstances } from '../handler.ts';
import { serveNow } from '../serve-now.ts';
import { failureOf } from './failures.ts';
import type { OAuthHandlers, OAuthParts } from './parts.ts';

/** Exchanges an account's token now; one that was parked is used again. */
export const refreshAccount =
  (parts: OAuthParts): OAuthHandlers['oauth.refresh'] =>
  async ({ body }, { principal }) => {
    const row = await reachable(parts, body.account_id, principal);
    if (row === undefined) return refused(ACCOUNT_NOT_FOUND);
    const found = await tokenRowOf(parts, row);
    if (found?.refreshToken === undefined)
      return refused(wrong('account_id', 'This account has no refresh token. Sign it in by OAuth.'));
    const renewed = await parts.tokens.renewNow(row);
    if (!renewed.ok) return refused({ ...failureOf(renewed.failure), code: 'EXTERNAL_SERVICE_ERROR' });
    await serveNow(parts);
    seatOf(parts, row)?.reset();
    const after = await parts.rows.accounts.get(row.id);
    if (after === undefined) return refused(ACCOUNT_NOT_FOUND);
    const change = { resource: 'account', resourceId: row.id, after: { token: 'refreshed' } };
    return done({ success: true, account: await presentAccount(parts, after) }, change);
  };

/** Gives an account's tokens up where they came from, takes them out of its row, and switches it off. */
export const revokeAccount =
  (parts: OAuthParts): OAuthHandlers['oauth.revoke'] =>
  async ({ body }, circumstances) => {
    const ended = await endAccount(parts, body.account_id, circumstances);
    return ended.ok ? { ...ended, value: { message: ended.value.message } } : ended;
  };

/** The same, and whether the provider was told. */
export async function endAccount(
  parts: OAuthParts,
  id: string,
  { principal, signal }: Circumstances,
): Promise<Answer<{ readonly wasTold: boolean; readonly message: string }>> {
  const row = await reachable(parts, id, principal);
  const found = row && (await tokenRowOf(parts, row));
  if (row === undefined || found === undefined) return refused(ACCOUNT_NOT_FOUND);
  const revoked = await giveUp(parts, found, signal);
  if (!revoked.ok) return refused(failureOf(revoked.failure));
  const { access_token: _, refresh_token: __, ...rest } = row.authData as Readonly<Record<string, string>>;
  const changed = await parts.rows.accounts.update(row.id, { isActive: false, authData: rest, expiresAtMs: undefined });
  if (changed.kind !== 'changed') return refused(ACCOUNT_NOT_FOUND);
  await serveNow(parts);
  const [before, after] = [auditedAccount(row), auditedAccount(changed.row)];
  const message = revoked.value
    ? 'The account’s tokens were given up at the provider, and it was switched off.'
    : 'The account was switched off. Its provider takes no tokens back: sign out there, too.';
  return done({ wasTold: revoked.value, message }, { resource: 'account', resourceId: row.id, before, after });
}

async function tokenRowOf({ rows, secrets }: OAuthParts, row: AccountRecord): Promise<TokenRow | undefined> {
  const found = await readTokenRow({ accounts: rows.accounts, secrets }, row.id);
  return found.ok ? found.value : undefined;
}

/** Whether the provider was told; false where it has no endpoint for that. */
async function giveUp(parts: OAuthParts, found: TokenRow, signal: AbortSignal) {
  const way = parts.wayThrough(found.row);
  const client = await parts.clients.clientOfAccount(found, way);
  const token = found.refreshToken ?? found.tokens?.accessToken;
  if (!client.ok || token === undefined || client.value.endpoints.revokeUrl === undefined) return ok(false);
  const kind = found.refreshToken === undefined ? 'access_token' : 'refresh_token';
  const revoked = await revokeToken(way, client.value, { token, kind }, signal);
  return revoked.ok ? ok(true) : revoked;
}
