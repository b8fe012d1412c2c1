/** Everything that can be allowed. A route names one of them, or says that it is open. */
export const PERMISSIONS = [
  'providers:read',
  'providers:write',
  'models:read',
  'models:write',
  'templates:read',
  'templates:write',
  'configuration:export',
  'configuration:import',
  'secrets:export',
  'users:read',
  'users:write',
  'system:view',
  'system:config',
  'health:read',
  'health:write',
  'usage:read',
  'audit:read',
  'accounts:read',
  'accounts:write',
  'accounts:delete',
  'proxies:read',
  'proxies:write',
  'api-keys:own',
  'api-keys:write',
  'mappings:own',
  'mappings:write',
  'quotas:read',
  'quotas:write',
  'logs:read',
  'logs:write-own',
  'payloads:read',
  'debug:view',
  'models:call',
  'outline:generate',
  'slides:generate',
  'images:generate',
] as const;

/** One thing that can be allowed. */
export type Permission = (typeof PERMISSIONS)[number];

/** Roles that a user can have. Permissions decide; a role is only their name. */
export const ROLES = ['admin', 'developer', 'user', 'provider', 'viewer'] as const;

/** A role’s own name. */
export type Role = (typeof ROLES)[number];

const VIEWER: readonly Permission[] = ['system:view', 'models:read', 'templates:read', 'logs:write-own'];

/** What a key that is for calls alone may do besides them: to make decks is to call models. */
export const CALLING_PERMISSIONS = [
  'models:call',
  'outline:generate',
  'slides:generate',
  'images:generate',
] as const satisfies readonly Permission[];

const USER: readonly Permission[] = [
  ...VIEWER,
  'accounts:read',
  'accounts:write',
  'accounts:delete',
  'api-keys:own',
  'mappings:own',
  'quotas:read',
  'logs:read',
  ...CALLING_PERMISSIONS,
];

/** What each role may do. */
export const ROLE_PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  admin: PERMISSIONS,
  developer: [...USER, 'debug:view', 'usage:read', 'health:read'],
  user: USER,
  // Keeps accounts alive and calls no model: it may not remove what others use.
  provider: ['accounts:read', 'accounts:write', 'models:read', 'system:view', 'logs:write-own'],
  viewer: VIEWER,
};

/** Names that other systems give to the same roles. */
export const ROLE_ALIASES: Readonly<Record<string, Role>> = {
  administrator: 'admin',
  standard: 'user',
  read_only: 'viewer',
};

/** The role behind a name or an alias, or `undefined` when there is none. */
export function roleOf(name: string): Role | undefined {
  const role = ROLE_ALIASES[name] ?? name;
  return ROLES.find((each) => each === role);
}
