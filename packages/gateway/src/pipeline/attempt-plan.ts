import type { Credential } from '@patchbay/llm/credentials/credential';
import type { SignedStateVault } from '@patchbay/llm/tools/signed-state/vault';
import type { UpstreamRequest } from '@patchbay/llm/transport/exchange';
import type { Loss } from '@patchbay/llm/wire/codec';

import type { Speech } from '../relay/speech.ts';
import type { Call } from './call.ts';
import type { ProviderRuntime } from './ports.ts';

/** Where one attempt goes. */
export interface AttemptPlan {
  readonly call: Call;
  readonly runtime: ProviderRuntime;
  readonly model: string;
  readonly credential: Credential;
  /** Keeps what providers sign, for callers whose dialect has no place for it. */
  readonly vault: SignedStateVault;
}

/** A request ready to send and the way its answer will be read. */
export interface Prepared {
  readonly request: UpstreamRequest;
  readonly speech: Speech;
  readonly losses: readonly Loss[];
}
