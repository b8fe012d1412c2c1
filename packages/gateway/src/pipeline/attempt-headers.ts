import type { Credential } from '@patchbay/llm/credentials/credential';
import { sign } from '@patchbay/llm/credentials/signers/sign';

import type { ProviderRuntime } from './ports.ts';

const USER_AGENT = 'patchbay/0.1.0';

/** The headers of every attempt: ours, the provider's, then what presents the credential. */
export function attemptHeaders(
  runtime: ProviderRuntime,
  credential: Credential,
  stream: boolean,
): Record<string, string> {
  return {
    'content-type': 'application/json',
    accept: stream ? 'text/event-stream' : 'application/json',
    'accept-encoding': 'identity',
    'user-agent': USER_AGENT,
    ...runtime.record.headers,
    ...sign(runtime.record.auth[0], credential),
  };
}
