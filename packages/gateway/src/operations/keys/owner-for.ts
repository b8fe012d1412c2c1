import type { Principal } from '../../identity/principal.ts';

/** Whose keys somebody reaches: everyone's (`undefined`), or one's own alone. */
export const ownerFor = (principal: Principal | undefined): string | undefined =>
  principal === undefined || principal.permissions.has('api-keys:write') ? undefined : principal.id;
