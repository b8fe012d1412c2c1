import { defineCheck, type CodeFacts, type Found } from '../check.ts';

const DAY_MS = 86_400_000;
const LATEST = 100;

const facts = (title: string): CodeFacts => ({ severity: 'warning', title });

/** What the sentence of a failed sign-in is found as, and what to do. */
const MEANINGS: readonly (readonly [RegExp, code: string, remedy: string])[] = [
  [
    /pkce|code_verifier|code_challenge|invalid_grant/i,
    'oauth-code-rejected',
    'Start the sign-in anew and finish it in the same browser within its ten minutes; a code counts once. The client at the provider must allow PKCE with S256.',
  ],
  [
    /redirect/i,
    'oauth-redirect-mismatch',
    'Register the address exactly as it is sent, or set OAUTH_REDIRECT_URL to the one that is registered.',
  ],
  [
    /state|issuer/i,
    'oauth-state-rejected',
    'Start the sign-in anew in the same browser. Behind several replicas they must share one store.',
  ],
  [
    /client/i,
    'oauth-client-rejected',
    'Check <PROVIDER>_OAUTH_CLIENT_ID and <PROVIDER>_OAUTH_CLIENT_SECRET against the provider’s console.',
  ],
];
const OTHERWISE = [/./, 'oauth-sign-in-failed', 'Start the sign-in anew: Console → Accounts → Sign in.'] as const;

/** Sign-ins that came to nothing, by what they failed for. */
export const oauthSignIns = defineCheck({
  id: 'oauth-sign-ins',
  title: 'Whether sign-ins at providers failed in the last day',
  codes: {
    'oauth-code-rejected': facts('A provider rejected the code of a sign-in'),
    'oauth-redirect-mismatch': facts('A provider does not know the address it should send browsers back to'),
    'oauth-state-rejected': facts('A sign-in came back with a state that is not ours'),
    'oauth-client-rejected': facts('A provider does not know our client'),
    'oauth-sign-in-failed': facts('A sign-in at a provider failed'),
  },
  symptoms: ['library-pkce', 'library-state', 'library-refresh'],
  reach: 'here',
  needs: ['rows', 'clock'],
  run: async ({ rows, clock }) => {
    const fromMs = clock.nowMs() - DAY_MS;
    const { items } = await rows.oauthSessions.page({
      where: { status: 'failed' },
      between: { updatedAtMs: { least: fromMs } },
      limit: LATEST,
    });
    const latest = new Map(items.toSorted((a, b) => a.updatedAtMs - b.updatedAtMs).map((row) => [row.providerId, row]));
    return [...latest.values()].map(({ providerId, error = 'no reason was given', updatedAtMs }): Found => {
      const [, code, remedy] = MEANINGS.find(([words]) => words.test(error)) ?? OTHERWISE;
      return {
        code,
        subject: `sign-in ${providerId}`,
        cause: `The last failed sign-in at ${providerId}: ${error}`,
        remedy,
        evidence: { provider: providerId, at: new Date(updatedAtMs).toISOString() },
      };
    });
  },
});
