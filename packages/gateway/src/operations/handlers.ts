import { authHandlers } from './auth/handlers.ts';
import { userHandlers } from './users/handlers.ts';
import type { AuthParts } from './users/parts.ts';

/** What all handlers need, each group its own. */
export interface HandlerParts {
  readonly users: AuthParts;
}

/** Every handler by the id of its operation. A group of operations adds its handlers here and its needs above. */
export const gatherHandlers = (parts: HandlerParts) => ({
  ...authHandlers(parts.users),
  ...userHandlers(parts.users),
});
