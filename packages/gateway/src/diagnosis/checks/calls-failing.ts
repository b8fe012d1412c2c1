import type { LoggedCall } from '../../storage/repositories/call-reader.ts';
import { defineCheck, type CodeFacts, type Found } from '../check.ts';

const LATEST = 1000;
const WINDOW_MS = 15 * 60_000;
/** Fewer failures, or a smaller part of the calls, happen to everybody. */
const LEAST = 3;
const SHARE = 0.1;

const facts = (title: string, severity: CodeFacts['severity'] = 'warning'): CodeFacts => ({ severity, title });

/** A failure of the network after the answer had begun: the way is there, but it does not last. */
const CUT_OFF = 'cut-off';

/** What a kind of failure is found as, and what to do. */
const MEANINGS: Readonly<Record<string, readonly [code: string, why: string, remedy: string]>> = {
  authentication: [
    'calls-refused-credentials',
    'were refused for their credentials',
    'Run `patchbay doctor`: it asks with each account who is let in. Replace the key in Console → Accounts.',
  ],
  permission: [
    'calls-not-permitted',
    'were not permitted',
    'Give the key the permission at the provider; check its project, its region and that the model is unlocked.',
  ],
  'not-found': [
    'calls-model-unknown',
    'asked for a model that is not there',
    '`GET /v1/models` lists those that there are. Correct the name, or give it a meaning: Console → Mappings.',
  ],
  'rate-limit': [
    'calls-rate-limited',
    'were refused with 429',
    'Add accounts, spread the calls, or hold your own clients to limits: Console → Keys → Limits.',
  ],
  'quota-exhausted': [
    'calls-out-of-money',
    'were refused for want of credit',
    'Add credit at the provider, or another account.',
  ],
  overloaded: [
    'calls-without-account',
    'found no account, or an overloaded provider',
    'Add accounts, or a second provider for the model with MODEL_ALIASES.',
  ],
  upstream: [
    'calls-upstream-fails',
    'were answered with a failure of the provider',
    'Look at the provider’s status page, and name a second provider for the model with MODEL_ALIASES.',
  ],
  protocol: [
    'calls-unreadable',
    'were answered with something that is not what the provider’s format says',
    'Check the provider’s format (capabilities.wireFormat) and that no proxy rewrites answers; CAPTURE_PAYLOADS=errors keeps them.',
  ],
  timeout: [
    'calls-time-out',
    'took longer than is allowed',
    'See which phase in Console → Logs, then raise TIMEOUT_FIRST_TOKEN_MS or TIMEOUT_IDLE_MS, or choose a faster model.',
  ],
  network: [
    'calls-cannot-connect',
    'could not be sent',
    'Run `patchbay doctor`: it tries name, port and certificate of each provider.',
  ],
  [CUT_OFF]: [
    'calls-cut-off',
    'broke off in the middle of their answer',
    'Look for a proxy or a balancer on the way that ends long answers (its read or idle timeout), then at the provider’s status page; `patchbay explain <request-id>` tells how far an answer came.',
  ],
  'invalid-request': [
    'calls-rejected',
    'were rejected as they are',
    'The answer names the member or header at fault (Console → Logs). A provider that wants headers of its own gets them in authConfig.headers.',
  ],
  'context-overflow': [
    'calls-too-long',
    'were longer than the model takes',
    'Choose a model with a longer context, or send less.',
  ],
};

/** What calls of the last minutes failed for, by provider and model. */
export const callsFailing = defineCheck({
  id: 'calls-failing',
  title: 'Whether calls failed lately, and what for',
  codes: {
    'calls-refused-credentials': facts('Calls are refused for their credentials', 'error'),
    'calls-not-permitted': facts('Calls are not permitted at a provider'),
    'calls-model-unknown': facts('Calls ask for a model that is not there'),
    'calls-rate-limited': facts('A provider refuses calls with 429'),
    'calls-out-of-money': facts('Calls are refused for want of credit', 'error'),
    'calls-without-account': facts('Calls find no account, or an overloaded provider'),
    'calls-upstream-fails': facts('A provider fails'),
    'calls-unreadable': facts('Answers of a provider cannot be read'),
    'calls-time-out': facts('Calls time out'),
    'calls-cannot-connect': facts('Calls cannot be sent to a provider'),
    'calls-cut-off': facts('Answers of a provider break off'),
    'calls-rejected': facts('Calls are rejected by a provider', 'info'),
    'calls-too-long': facts('Calls are too long for a model', 'info'),
  },
  symptoms: [
    'providers-model-missing',
    'accounts-provider',
    'accounts-translation',
    'accounts-proxy',
    'library-model',
    'library-headers',
    'library-timeout',
    'library-network',
    'library-429',
    'generation-outline',
    'generation-images',
  ],
  reach: 'here',
  needs: ['calls', 'clock'],
  run: async ({ calls, clock }) => {
    const rows = await calls.page({ limit: LATEST, fromMs: clock.nowMs() - WINDOW_MS });
    return [...Map.groupBy(rows, targetOf)].flatMap(([target, own]) => ofTarget(target, own));
  },
});

const targetOf = ({ providerId, model, requestedModel }: LoggedCall): string =>
  providerId === undefined ? requestedModel : `${providerId}/${model ?? requestedModel}`;

const kindOf = ({ failureKind = '', upstreamStatus = 0 }: LoggedCall): string =>
  failureKind === 'network' && upstreamStatus >= 200 && upstreamStatus < 300 ? CUT_OFF : failureKind;

function ofTarget(target: string, rows: readonly LoggedCall[]): readonly Found[] {
  const failed = rows.filter((row) => row.state === 'failed' && kindOf(row) in MEANINGS);
  return [...Map.groupBy(failed, kindOf)].flatMap(([kind, own]) => {
    const [latest] = own;
    const meaning = MEANINGS[kind];
    if (latest === undefined || meaning === undefined || own.length < LEAST || own.length < rows.length * SHARE)
      return [];
    const [code, what, remedy] = meaning;
    const { providerId, requestId, upstreamStatus, startedAtMs } = latest;
    return [
      {
        code,
        subject: `model ${target}`,
        cause: `${own.length} of the last ${rows.length} attempts of ${target} ${what}.`,
        remedy,
        evidence: {
          ...(providerId !== undefined && { provider: providerId }),
          failures: own.length,
          attempts: rows.length,
          ...(upstreamStatus !== undefined && { status: upstreamStatus }),
          request: requestId,
          last: new Date(startedAtMs).toISOString(),
        },
      },
    ];
  });
}
