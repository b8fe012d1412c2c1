import { expiryOf, membersOf, secretOf, type AuthMembers } from '../../accounts/refresh-row.ts';
import type { AccountRecord } from '../../storage/records.ts';
import { defineCheck, type CodeFacts, type Found } from '../check.ts';

const HOUR_MS = 3_600_000;
const facts = (title: string, severity: CodeFacts['severity'] = 'error'): CodeFacts => ({
  severity,
  title,
  explains: [
    'account-refused',
    'account-not-presentable',
    'account-not-renewed',
    'account-locked-out',
    'accounts-all-resting',
    'calls-refused-credentials',
  ],
});

/** Tokens end; whether they are renewed, their rows tell. */
export const oauthTokens = defineCheck({
  id: 'oauth-tokens',
  title: 'Whether the tokens of accounts last or are renewed',
  codes: {
    'oauth-refresh-dead': facts('The provider refuses to renew an account’s token'),
    'oauth-client-missing': facts('Nobody said as whom an account’s token is renewed'),
    'oauth-token-expired': facts('An account’s token has expired'),
    'oauth-no-refresh-token': { severity: 'warning', title: 'An account’s token ends soon and cannot be renewed' },
  },
  symptoms: [
    'accounts-refresh',
    'accounts-token-cache',
    'library-token-expired',
    'library-refresh',
    'integration-authentication',
  ],
  reach: 'here',
  needs: ['rows', 'clock'],
  run: async ({ rows, clock }) =>
    (await rows.accounts.all({ isActive: true })).flatMap((row) => ofAccount(row, clock.nowMs())),
});

/** Whether members are there tells enough; their values stay sealed. */
const canRenew = (data: AuthMembers): boolean => secretOf(data, 'refresh_token', 'refreshToken') !== undefined;
const isOAuth = (data: AuthMembers): boolean =>
  canRenew(data) || secretOf(data, 'access_token', 'accessToken') !== undefined;

function ofAccount(row: AccountRecord, nowMs: number): readonly Found[] {
  const data = membersOf(row.authData);
  if (!isOAuth(data)) return [];
  const endsMs = expiryOf(row);
  const ends = endsMs === undefined ? undefined : new Date(endsMs).toISOString();
  const found = (code: string, why: string, remedy: string): readonly Found[] => [
    {
      code,
      subject: `account ${row.id}`,
      cause: `Account ${row.label} of ${row.providerId}: ${why}`,
      remedy,
      evidence: { provider: row.providerId, account: row.id, ...(ends !== undefined && { ends }) },
    },
  ];
  const why = row.lastErrorMsg ?? 'the provider gave no reason';
  if (canRenew(data) && row.tokenParkedVersion === row.version)
    return /client_id|OAUTH_CLIENT_ID|token_url/.test(why)
      ? found(
          'oauth-client-missing',
          `${why}.`,
          `Set ${envOf(row.providerId)}_OAUTH_CLIENT_ID (and _CLIENT_SECRET), or write client_id and token_url into the account’s auth_data.`,
        )
      : found('oauth-refresh-dead', `${why}.`, signIn(row));
  if (endsMs === undefined) return [];
  if (canRenew(data)) {
    // Whoever renews does so before the end; an hour later nobody has.
    const isLeft = endsMs < nowMs - HOUR_MS && (row.lastUsedAtMs ?? 0) > endsMs;
    return isLeft
      ? found('oauth-token-expired', `its token ended at ${ends} and was not renewed: ${why}.`, signIn(row))
      : [];
  }
  if (endsMs <= nowMs)
    return found('oauth-token-expired', `its token ended at ${ends}, and it has no refresh token.`, signIn(row));
  return endsMs < nowMs + 24 * HOUR_MS
    ? found('oauth-no-refresh-token', `its token ends at ${ends}, and it has no refresh token.`, signIn(row))
    : [];
}

const envOf = (providerId: string): string => providerId.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');

const signIn = ({ id, providerId }: AccountRecord): string =>
  `Sign the account in again: Console → Accounts → Sign in, or \`POST /api/v1/oauth/init\` with {"provider":"${providerId}"}; then remove account ${id}.`;
