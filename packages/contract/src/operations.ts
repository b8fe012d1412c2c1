import { ACCOUNT_POLICY_OPERATIONS } from './operations/account-policies.ts';
import { ACCOUNT_OPERATIONS } from './operations/accounts.ts';
import { ACCOUNT_USER_OPERATIONS } from './operations/accounts-users.ts';
import { API_KEY_OPERATIONS } from './operations/api-keys.ts';
import { AUTH_MANAGER_OPERATIONS } from './operations/auth-manager.ts';
import { AUTH_OPERATIONS } from './operations/auth.ts';
import { CHANGE_OPERATIONS } from './operations/changes.ts';
import { DEBUG_OPERATIONS } from './operations/debug.ts';
import { DIAGNOSTICS_OPERATIONS } from './operations/diagnostics.ts';
import { GENERATION_OPERATIONS } from './operations/generation.ts';
import { HEALTH_OPERATIONS } from './operations/health-monitoring.ts';
import { KIT_OPERATIONS } from './operations/kit.ts';
import { LOG_OPERATIONS, REQUEST_LOG_OPERATIONS } from './operations/logs.ts';
import { MAPPING_OPERATIONS } from './operations/mappings.ts';
import { MODEL_OPERATIONS } from './operations/models.ts';
import { OAUTH_OPERATIONS } from './operations/oauth.ts';
import { PROVIDER_OPERATIONS } from './operations/providers.ts';
import { PROXY_OPERATIONS } from './operations/proxies.ts';
import { REGISTRY_OPERATIONS } from './operations/registry.ts';
import { SESSION_OPERATIONS } from './operations/session.ts';
import { SYSTEM_OPERATIONS } from './operations/system.ts';
import { TEMPLATE_OPERATIONS } from './operations/templates.ts';
import { TRANSFER_OPERATIONS } from './operations/transfer.ts';
import { USAGE_OPERATIONS } from './operations/usage-analytics.ts';
import { USER_OPERATIONS } from './operations/users.ts';

/** Everything that the management interfaces can do, by id. */
export const OPERATIONS = {
  ...AUTH_OPERATIONS,
  ...SESSION_OPERATIONS,
  ...CHANGE_OPERATIONS,
  ...USER_OPERATIONS,
  ...PROVIDER_OPERATIONS,
  ...MODEL_OPERATIONS,
  ...TEMPLATE_OPERATIONS,
  ...TRANSFER_OPERATIONS,
  ...REGISTRY_OPERATIONS,
  ...SYSTEM_OPERATIONS,
  ...DIAGNOSTICS_OPERATIONS,
  ...HEALTH_OPERATIONS,
  ...USAGE_OPERATIONS,
  ...ACCOUNT_USER_OPERATIONS,
  ...ACCOUNT_OPERATIONS,
  ...ACCOUNT_POLICY_OPERATIONS,
  ...API_KEY_OPERATIONS,
  ...MAPPING_OPERATIONS,
  ...OAUTH_OPERATIONS,
  ...PROXY_OPERATIONS,
  ...REQUEST_LOG_OPERATIONS,
  ...LOG_OPERATIONS,
  ...AUTH_MANAGER_OPERATIONS,
  ...DEBUG_OPERATIONS,
  ...GENERATION_OPERATIONS,
  ...KIT_OPERATIONS,
} as const;

/** The type of all operations, by id. */
export type Operations = typeof OPERATIONS;
/** Id of an operation, such as `providers.create`. */
export type OperationId = keyof Operations;
