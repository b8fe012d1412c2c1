import type { CredentialPool } from '@patchbay/llm/credentials/pool';
import type { Failure } from '@patchbay/llm/model/failure';
import type { ProviderRecord } from '@patchbay/llm/providers/define-provider';
import type { Target } from '@patchbay/llm/routing/target';

import type { Upstream } from '../relay/upstream.ts';

/** A provider as this installation runs it. */
export interface ProviderRuntime {
  readonly record: ProviderRecord;
  /** The record's base URL or the operator's own, without a trailing slash. */
  readonly baseUrl: string;
  readonly pool: CredentialPool;
  readonly upstream: Upstream;
}

/** Where models are. */
export interface ModelDirectory {
  /** Targets for a model as a client addressed it, best first, or a `not-found` failure that names near matches. */
  resolve(model: string): { readonly targets: readonly Target[] } | { readonly failure: Failure };
  provider(id: string): ProviderRuntime | undefined;
}
