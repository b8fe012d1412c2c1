import type { AnswerOf, Asked } from '@patchbay/contract';
import type { LOG_OPERATIONS } from '@patchbay/contract/operations/logs';
import type { Price } from '@patchbay/llm/catalog/price';
import type { CredentialPool } from '@patchbay/llm/credentials/pool';
import type { Seat } from '@patchbay/llm/credentials/seat';
import type { Clock } from '@patchbay/llm/model/clock';
import type { Failure } from '@patchbay/llm/model/failure';
import type { JsonObject } from '@patchbay/llm/model/json';

import type { AccountChooser } from '../../accounts/choose-account.ts';
import type { Caller } from '../../identity/ports.ts';
import type { Answer, Circumstances } from '../handler.ts';
import type { Rows } from '../ports.ts';

/** A provider as calls choose from it. */
export interface ExplainedProvider {
  readonly record: { readonly id: string; readonly name: string };
  readonly pool: Pick<CredentialPool, 'seats' | 'size' | 'soonest' | 'isStranded' | 'hasWay' | 'choose'>;
}

/** A provider's model that a request would be sent to. */
export interface ExplainedTarget {
  readonly providerId: string;
  readonly model: string;
}

/** Where a model is, as calls of a user find it. */
export type FindModel = (
  model: string,
  userId?: string,
) =>
  | {
      readonly targets: readonly ExplainedTarget[];
      readonly version: number;
      readonly provider: (id: string) => ExplainedProvider | undefined;
    }
  | { readonly failure: Failure };

/** A request that somebody thinks of making. */
export interface Thought {
  readonly model: string;
  readonly bodyBytes: number;
  readonly json: JsonObject | undefined;
}

/** What limits say to it. */
export interface Foreseen {
  readonly limits: readonly {
    readonly scope: string;
    readonly name: string;
    readonly max: number;
    readonly used: number;
    readonly left: number;
    readonly refuses: boolean;
  }[];
  readonly refusal?: Failure;
}

/** What calls would meet, as those know who serve them. Nothing is counted. */
export interface ForesightPort {
  order(targets: readonly ExplainedTarget[]): readonly ExplainedTarget[];
  ofCaller(caller: Caller, thought: Thought): Promise<Foreseen>;
  ofAccount(seat: Seat, model: string, thought: Thought): Promise<Foreseen>;
  priceOf(providerId: string, model: string, atMs: number): Price;
}

/** What explanations are made of. All of it is read, and nobody is called. */
export interface ExplainParts {
  readonly find: FindModel;
  /** Version of what can be called now. */
  readonly version: () => number;
  readonly chooser: Pick<AccountChooser, 'way' | 'foresee'>;
  readonly foresight: ForesightPort;
  /** Who calls with the key of this id, while it is in force. */
  readonly callerOf: (keyId: string) => Caller | undefined;
  readonly rows: Pick<Rows, 'accounts'>;
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
