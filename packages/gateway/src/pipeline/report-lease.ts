import { secretsOf } from '@patchbay/llm/credentials/credential';
import type { Lease } from '@patchbay/llm/credentials/pool';
import type { Failure } from '@patchbay/llm/model/failure';
import type { RestRule } from '@patchbay/llm/model/rest-rule';
import type { Usage } from '@patchbay/llm/model/usage';
import { restOf } from '@patchbay/llm/resilience/rests';
import { verdictOf } from '@patchbay/llm/resilience/verdicts';
import { knownResetMs } from '@patchbay/llm/wire/quota-reset';

import { hideInFailure } from './hide-credential.ts';

/** Tells the pool what the end of a try means for the account; `undefined` means that it went well. */
export function reportLease(lease: Lease, failure: Failure | undefined, usage?: Usage): void {
  if (failure === undefined) {
    const tokens = usage === undefined ? {} : { tokens: usage.inputTokens + usage.outputTokens };
    return lease.report({ ok: true, verdict: 'keep', ...tokens });
  }
  const rest = untilReset(restOf(failure), failure);
  // Neither a caller who left nor a proxy that is at fault says anything about the account.
  if (failure.kind === 'cancelled' || rest?.scope === 'proxy') return lease.abandon();
  const retryAfterMs = failure.retryAfterMs ?? failure.resetAfterMs;
  return lease.report({
    ok: false,
    verdict: verdictOf(failure).credential,
    error: sentenceOf(hideInFailure(secretsOf(lease.credential), failure)),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(rest !== undefined && { rest }),
  });
}

const sentenceOf = ({ kind, status, message }: Failure): string =>
  `${kind}${status === undefined ? '' : ` (${status})`}: ${message}`;

/** What is spent rests until it is back, where the provider said when. */
function untilReset(rest: RestRule | undefined, failure: Failure): RestRule | undefined {
  const exactMs = rest?.reason === 'quota' ? knownResetMs(failure) : undefined;
  return rest === undefined || exactMs === undefined ? rest : { ...rest, exactMs };
}
