import type { Repositories } from '../ports.ts';
import { createAccounts } from './accounts.ts';
import { createApiKeys } from './api-keys.ts';
import { createModels } from './models.ts';
import { createOAuthSessions } from './oauth-sessions.ts';
import { createProxies } from './proxies.ts';
import { createRefreshTokens } from './refresh-tokens.ts';
import {
  ACCOUNT_POLICIES,
  ALERTS,
  AUDIT,
  EVENTS,
  HEALTH,
  MAPPINGS,
  PROVIDERS,
  SETTINGS,
  TEMPLATES,
} from './resources.ts';
import { createJournal, createRepository, type RepositoryParts } from './table-repository.ts';
import { createUsers } from './users.ts';

/** Every repository, over a store or over one transaction in it. */
export const createRepositories = (parts: RepositoryParts): Repositories => ({
  users: createUsers(parts),
  refreshTokens: createRefreshTokens(parts),
  providers: createRepository(parts, PROVIDERS),
  models: createModels(parts),
  accounts: createAccounts(parts),
  accountPolicies: createRepository(parts, ACCOUNT_POLICIES),
  proxies: createProxies(parts),
  oauthSessions: createOAuthSessions(parts),
  apiKeys: createApiKeys(parts),
  mappings: createRepository(parts, MAPPINGS),
  templates: createRepository(parts, TEMPLATES),
  settings: createRepository(parts, SETTINGS),
  alerts: createRepository(parts, ALERTS),
  events: createJournal(parts, EVENTS),
  audit: createJournal(parts, AUDIT),
  health: createJournal(parts, HEALTH),
});
