import { ROLES, type Role } from '@patchbay/contract/permissions';

/** A role's own name. */
export type RoleName = Role;

/** Roles as the API names them, the most powerful first. */
export const ROLE_NAMES: readonly RoleName[] = ROLES;

/** What each role is for, in one line. */
export const ROLE_HINTS: Readonly<Record<RoleName, string>> = {
  admin: 'Everything, also users and settings.',
  developer: 'Calls models, keeps own keys and accounts, sees usage and health.',
  user: 'Calls models, keeps own keys and accounts.',
  provider: 'Keeps accounts alive and calls no model.',
  viewer: 'Sees how the system is, and models.',
};
