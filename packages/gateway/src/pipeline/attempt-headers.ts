import { schemeFor, signsRequests } from '@patchbay/llm/credentials/credential';
import { sign } from '@patchbay/llm/credentials/signers/sign';
import { codecOf } from '@patchbay/llm/providers/codec-of';
import type { Speaks } from '@patchbay/llm/providers/define-provider';
import { FRAMING_TYPES } from '@patchbay/llm/transport/framing-types';

import type { AttemptPlan } from './attempt-plan.ts';

/** The headers of every attempt: ours, the provider's, and the account's key where headers alone present it. */
export function attemptHeaders(
  { call, runtime, credential, userAgent }: AttemptPlan,
  speaks: Speaks,
): Record<string, string> {
  const { auth, headers } = runtime.record;
  const scheme = schemeFor(auth, credential) ?? auth[0];
  return {
    'content-type': 'application/json',
    accept: call.stream ? FRAMING_TYPES[codecOf(speaks).framing ?? 'sse'] : 'application/json',
    'accept-encoding': 'identity',
    'user-agent': userAgent,
    ...headers,
    ...(signsRequests(scheme) ? undefined : sign(scheme, credential)),
  };
}
