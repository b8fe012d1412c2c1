import type { Credential } from '@patchbay/llm/credentials/credential';
import type { Secret } from '@patchbay/llm/credentials/secret';
import type { RequestSigner } from '@patchbay/llm/credentials/signers/request-signer';
import type { WireFormatId } from '@patchbay/llm/model/extras';
import type { Result } from '@patchbay/llm/model/failure';
import type { SignedStateVault } from '@patchbay/llm/tools/signed-state/vault';
import type { UpstreamRequest } from '@patchbay/llm/transport/exchange';
import type { Loss } from '@patchbay/llm/wire/codec';

import type { Speech } from '../relay/speech.ts';
import type { Call } from './call.ts';
import type { ProviderRuntime } from './ports.ts';
import type { SpokenFormats } from './spoken-formats.ts';

/** Where one attempt goes. */
export interface AttemptPlan {
  readonly call: Call;
  readonly runtime: ProviderRuntime;
  readonly model: string;
  readonly credential: Credential;
  readonly formats: SpokenFormats;
  /** Keeps what providers sign, for callers whose dialect has no place for it. */
  readonly vault: SignedStateVault;
  readonly signer: RequestSigner;
  /** Value of the `user-agent` that upstreams see, where their record names none. */
  readonly userAgent: string;
}

/** A request ready to send and the way its answer will be read. */
export interface Prepared {
  readonly request: UpstreamRequest;
  readonly speech: Speech;
  readonly losses: readonly Loss[];
  /** The format of a chat's request, where the provider may turn out to know another one only. */
  readonly format?: WireFormatId;
  /** What the answer must not be heard repeating. Default: what is secret of the account. */
  readonly secrets?: readonly Secret[];
  /** Presents the account with a new token; absent where it is presented without one. */
  readonly renew?: () => Promise<Result<Prepared>>;
}
