import { presentData } from '@patchbay/llm/backend/envelope';
import type { Clock } from '@patchbay/llm/model/clock';
import type { StreamEvent } from '@patchbay/llm/model/event';
import type { Result } from '@patchbay/llm/model/failure';
import type { GenerationRequest } from '@patchbay/llm/model/request';
import type { GenerationResponse } from '@patchbay/llm/model/response';

import type { ModelCall } from '../../generation/ports.ts';
import { callerOf, type Principal } from '../../identity/principal.ts';
import type { Registry } from '../../registry/registry.ts';
import type { Circumstances, Handlers } from '../handler.ts';
import type { OAuthParts } from '../oauth/parts.ts';
import type { ManagementParts } from '../ports.ts';

/** What the operations of this interface stand on. */
export interface KitParts {
  readonly registry: Pick<Registry, 'current'>;
  /** Calls models as everybody does. */
  readonly chat: (request: GenerationRequest, call: KitCall) => Promise<Result<GenerationResponse>>;
  /** The provider that a model is asked at first, as this user calls it; `undefined` where nobody has it. */
  readonly providerOf: (model: string, userId: string | undefined) => string | undefined;
  readonly health: Pick<Handlers, 'health.list' | 'health.check'>;
  /** Every model that can be called, with its provider. */
  readonly models: () => Promise<readonly KnownModel[]>;
  readonly usage: Pick<Handlers, 'usage.dashboard'>;
  /** How often calls went on to another account since midnight (UTC). */
  readonly switchesOfDay: () => Promise<number>;
  /** What changes providers. */
  readonly management: ManagementParts;
  /** What signs accounts in. */
  readonly signIns: OAuthParts;
  readonly version: string;
  readonly clock: Clock;
}

/** What is known of a model; `id` has its provider before a slash. */
export interface KnownModel {
  readonly id: string;
  readonly name: string;
  readonly providerId: string;
  readonly contextTokens?: number;
  readonly maxOutputTokens?: number;
  readonly capabilities: { readonly tools?: boolean };
}

/** On whose behalf a model is called, and who hears the answer as it comes. */
export interface KitCall extends Omit<ModelCall, 'onText'> {
  readonly onEvents?: (events: readonly StreamEvent[]) => void;
}

/** The call of a request; `route` is what the log names. */
export const callOf = ({ principal, requestId, signal }: Circumstances, route: string): KitCall => ({
  // Nobody calls models without having been let in.
  caller: callerOf(principal as Principal),
  requestId,
  route,
  signal,
});

/** The envelope of what went well. */
export const kitEnveloped = <Data>({ clock }: KitParts, { requestId }: Circumstances, data: Data) => {
  const { request_id, timestamp } = presentData(data, { requestId, nowMs: clock.nowMs() });
  return { success: true as const, data, request_id, timestamp };
};
