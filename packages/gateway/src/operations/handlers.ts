import { authHandlers } from './auth/handlers.ts';
import { sessionHandlers } from './auth/session-handlers.ts';
import type { OperationId } from '@patchbay/contract';

import type { changeHandlers } from './changes/handlers.ts';
import type { generationHandlers } from './generation/handlers.ts';
import type { Handlers } from './handler.ts';
import type { debugHandlers } from './debug/handlers.ts';
import type { kitHandlers } from './kit/handlers.ts';
import type { healthHandlers } from './health/handlers.ts';
import type { diagnosticsHandlers } from './diagnostics/handlers.ts';
import { modelHandlers } from './models/handlers.ts';
import { providerHandlers } from './providers/handlers.ts';
import type { registryHandlers } from './registry/handlers.ts';
import type { systemHandlers } from './system/handlers.ts';
import type { replicaHandlers } from './system/replicas.ts';
import { templateHandlers } from './templates/handlers.ts';
import type { TransferParts } from './transfer/backups.ts';
import { transferHandlers } from './transfer/handlers.ts';
import type { usageHandlers } from './usage/handlers.ts';
import { userHandlers } from './users/handlers.ts';
import type { AuthParts } from './users/parts.ts';

/** Ids of the operations of the other interface. */
type CatalogueIds =
  | keyof ReturnType<typeof authHandlers>
  | keyof ReturnType<typeof sessionHandlers>
  | keyof ReturnType<typeof userHandlers>
  | keyof ReturnType<typeof providerHandlers>
  | keyof ReturnType<typeof modelHandlers>
  | keyof ReturnType<typeof templateHandlers>
  | keyof ReturnType<typeof transferHandlers>
  | keyof SystemHandlers
  | keyof ReturnType<typeof generationHandlers>
  | keyof ReturnType<typeof kitHandlers>;

/** Handlers that tell how the system is: they are made where what they look at is made. */
export type SystemHandlers = ReturnType<typeof registryHandlers> &
  ReturnType<typeof healthHandlers> &
  ReturnType<typeof usageHandlers> &
  ReturnType<typeof systemHandlers> &
  ReturnType<typeof replicaHandlers> &
  ReturnType<typeof diagnosticsHandlers> &
  ReturnType<typeof changeHandlers> &
  ReturnType<typeof debugHandlers>;

/** What all handlers need, each group its own. */
export interface HandlerParts {
  readonly users: AuthParts;
  readonly providers: TransferParts;
  readonly system: SystemHandlers;
  readonly generation: ReturnType<typeof generationHandlers>;
  readonly kit: ReturnType<typeof kitHandlers>;
  /** Those of the accounts interface. */
  readonly accounts: Handlers<Exclude<OperationId, CatalogueIds>>;
}

/** Every handler by the id of its operation: one that is missing does not compile. */
export const gatherHandlers = ({ users, providers, system, generation, kit, accounts }: HandlerParts): Handlers => ({
  ...authHandlers(users),
  ...sessionHandlers(users),
  ...userHandlers(users),
  ...providerHandlers(providers),
  ...modelHandlers(providers),
  ...templateHandlers(providers),
  ...transferHandlers(providers),
  ...system,
  ...generation,
  ...kit,
  ...accounts,
});
