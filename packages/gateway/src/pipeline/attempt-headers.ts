import { schemeFor, signsRequests } from '@patchbay/llm/credentials/credential';
import { sign } from '@patchbay/llm/credentials/signers/sign';
import type { Speaks } from '@patchbay/llm/providers/define-provider';
import { FRAMING_TYPES } from '@patchbay/llm/transport/framing-types';
import { UPSTREAM_FORMATS } from '@patchbay/llm/wire/registry';

import type { AttemptPlan } from './attempt-plan.ts';

const USER_AGENT = 'patchbay/0.1.0';

/** The headers of every attempt: ours, the provider's, and the account's key where headers alone present it. */
export function attemptHeaders({ call, runtime, credential }: AttemptPlan, speaks: Speaks): Record<string, string> {
  const { auth, headers } = runtime.record;
  const scheme = schemeFor(auth, credential) ?? auth[0];
  return {
    'content-type': 'application/json',
    accept: call.stream ? FRAMING_TYPES[UPSTREAM_FORMATS[speaks.format].framing ?? 'sse'] : 'application/json',
    'accept-encoding': 'identity',
    'user-agent': USER_AGENT,
    ...headers,
    ...(signsRequests(scheme) ? undefined : sign(scheme, credential)),
  };
}
