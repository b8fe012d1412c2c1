import type { Failure } from '@patchbay/llm/model/failure';
import type { Seat } from '@patchbay/llm/credentials/seat';

import type { ProviderRuntime } from '../../pipeline/ports.ts';
import { defineCheck, type CodeFacts, type Found } from '../check.ts';
import type { Asked } from '../probe/questions.ts';
import { wayOf } from '../probe/row-prober.ts';
import { sideBySide } from '../side-by-side.ts';

/** Accounts that are asked for side by side, and in all: providers with thousands of them are not asked for each. */
const AT_ONCE = 12;
const ACCOUNTS_MAX = 300;

const facts = (title: string, severity: CodeFacts['severity'], explains: readonly string[] = []): CodeFacts => ({
  severity,
  title,
  explains,
});

/** Asks each provider with each account for its models: that costs nothing and tells who is let in. */
export const accountCredentials = defineCheck({
  id: 'account-credentials',
  title: 'Whether providers accept the credentials of accounts',
  codes: {
    'account-refused': facts('A provider refuses an account’s credentials', 'error', [
      'account-locked-out',
      'calls-refused-credentials',
      'accounts-all-resting',
    ]),
    'account-scope-missing': facts('An account lacks a permission at its provider', 'error', ['calls-not-permitted']),
    'account-out-of-money': facts('An account has nothing left to spend', 'error', [
      'account-quota-spent',
      'calls-out-of-money',
    ]),
    'account-rate-limited': facts('A provider limits an account now', 'warning', ['account-cooling-down']),
    'account-not-renewed': facts('An account’s token could not be renewed', 'error', ['oauth-token-expired']),
    'account-not-presentable': facts('An account’s credentials cannot be presented', 'error'),
    'provider-http-fails': facts('A provider answers with failures', 'error', ['calls-upstream-fails']),
    'provider-path-wrong': facts('A provider’s address leads to something else', 'error'),
  },
  symptoms: [
    'accounts-key',
    'accounts-refresh',
    'providers-test',
    'library-credentials',
    'integration-connectivity',
    'accounts-429',
    'library-429',
    'providers-limits',
    'generation-outline',
    'generation-images',
  ],
  reach: 'network',
  needs: ['registry', 'prober', 'clock'],
  run: async ({ registry, prober, clock }, signal) => {
    const accounts = [...registry.current().runtimes].flatMap(([id, runtime]) =>
      id === 'simulator' ? [] : runtime.pool.seats.map((seat) => ({ id, runtime, seat })),
    );
    const found: Found[] = [];
    const ask = async ({ id, runtime, seat }: (typeof accounts)[number]): Promise<void> => {
      const subject = { record: runtime.record, credential: seat.credential, claimed: {}, named: [] };
      found.push(...judged(id, runtime, seat, await prober.ask({ ...subject, ...wayOf(runtime, seat) })));
    };
    await sideBySide(accounts.slice(0, ACCOUNTS_MAX), ask, { atOnce: AT_ONCE, clock, signal });
    return found;
  },
});

/** What one account was told. Without an answer the connection is at fault, which is looked at elsewhere. */
function judged(
  provider: string,
  { baseUrl, record }: ProviderRuntime,
  seat: Seat,
  { http, auth, model }: Asked,
): readonly Found[] {
  const account = seat.id;
  const evidence = { provider, account, ...(seat.facts.label !== undefined && { label: seat.facts.label }) };
  const who = seat.facts.label === undefined ? account : `${seat.facts.label} (${account})`;
  const ofAccount = (code: string, why: string, remedy: string): Found => ({
    code,
    subject: `account ${account}`,
    cause: `${record.name}, account ${who}: ${why}`,
    remedy,
    evidence,
  });
  if (!http.ok) {
    const { failure } = http;
    if (failure !== undefined && NOT_RENEWED.test(failure.message))
      return [ofAccount('account-not-renewed', http.finding, SIGN_IN)];
    const isOurs = failure?.kind === 'authentication' || failure?.kind === 'invalid-request';
    return isOurs ? [ofAccount('account-not-presentable', http.finding, SIGN_IN)] : [];
  }
  const status = Number(http.value);
  const ofProvider = { subject: `provider ${provider}`, evidence: { provider, status, endpoint: baseUrl } };
  if (!auth.ok) {
    const { failure } = auth;
    const meaning = failure && meaningOf(failure, status);
    if (meaning === undefined || failure === undefined)
      return [{ ...ofProvider, code: 'provider-http-fails', cause: auth.finding, remedy: STATUS_PAGE }];
    return [{ ...ofAccount(meaning[0], auth.finding, meaning[1]), evidence: { ...evidence, status } }];
  }
  if (model.ok) return [];
  return [{ ...ofProvider, code: 'provider-path-wrong', cause: `${record.name}: ${model.finding}`, remedy: PATH }];
}

/** What renewals say that fail. */
const NOT_RENEWED = /^Failed to refresh OAuth token/;
const SIGN_IN = 'Put a good credential in its place: Console → Accounts, or sign the account in again.';
const NEW_KEY =
  'Make a new key in the provider’s console, and put it in the place of this one: Console → Accounts, or `<PROVIDER>_API_KEY`. Switch the account off meanwhile.';
const STATUS_PAGE = 'Look at the provider’s status page; calls go to other providers where a model has several.';
const PATH = 'Correct the endpoint: most end in /v1. Compare with the provider’s documentation.';

function meaningOf({ kind }: Failure, status: number): readonly [string, string] | undefined {
  if (kind === 'quota-exhausted' || status === 402)
    return ['account-out-of-money', 'Add credit in the provider’s billing page, or add another account.'];
  if (kind === 'rate-limit' || status === 429)
    return ['account-rate-limited', 'Wait, add another account, or lower what is called: Console → Limits.'];
  if (kind === 'permission' || status === 403)
    return [
      'account-scope-missing',
      'Give the key the permission to list and call models in the provider’s console, and check region and project.',
    ];
  return kind === 'authentication' || status === 401 ? ['account-refused', NEW_KEY] : undefined;
}
