import type { AnswerOf, Asked } from '@patchbay/contract';
import type { LOG_OPERATIONS } from '@patchbay/contract/operations/logs';
import type { Price } from '@patchbay/llm/catalog/price';
import type { CredentialPool } from '@patchbay/llm/credentials/pool';
import type { Clock } from '@patchbay/llm/model/clock';
import type { Failure } from '@patchbay/llm/model/failure';

import type { AccountChooser } from '../../accounts/choose-account.ts';
import type { Principal } from '../../identity/principal.ts';
import type { Answer, Circumstances } from '../handler.ts';
import type { Rows } from '../ports.ts';

/** A provider as calls choose from it. */
export interface ExplainedProvider {
  readonly record: { readonly id: string; readonly name: string };
  readonly pool: Pick<CredentialPool, 'seats' | 'size' | 'soonest' | 'isStranded' | 'hasWay'>;
}

/** Where a model is, as calls find it. */
export type FindModel = (model: string) =>
  | {
      readonly targets: readonly { readonly providerId: string; readonly model: string }[];
      readonly version: number;
      readonly provider: (id: string) => ExplainedProvider | undefined;
    }
  | { readonly failure: Failure };

/** What a key says of calls made with it. */
export interface KeyRules {
  /** Limits and budgets, each with what is left. */
  readonly limits: readonly { readonly scope: string; readonly name: string }[];
  /** Why it may not call this model; absent where it may. */
  readonly refusal?: { readonly status: number; readonly message: string };
}

/** What explanations are made of. All of it is read, and nobody is called. */
export interface ExplainParts {
  readonly find: FindModel;
  /** Version of what can be called now. */
  readonly version: () => number;
  readonly chooser: Pick<AccountChooser, 'way'>;
  readonly priceOf: (providerId: string, model: string) => Promise<Price>;
  readonly rows: Pick<Rows, 'accounts'>;
  /** Absent where keys have no rules. */
  readonly rulesOf?: (keyId: string | undefined, model: string, principal: Principal | undefined) => Promise<KeyRules>;
  readonly clock: Clock;
}

type Explain = (typeof LOG_OPERATIONS)['explain.request'];

/** A handler for the operation that explains. */
export interface ExplainHandlers {
  readonly 'explain.request': (
    asked: Asked<Explain>,
    circumstances: Circumstances,
  ) => Promise<Answer<AnswerOf<Explain>>>;
}
