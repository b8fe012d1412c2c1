import { randomUUID } from 'node:crypto';

import { OPERATIONS, type Operation } from '@patchbay/contract';
import type { Secret } from '@patchbay/llm/credentials/secret';
import { systemClock, type Clock } from '@patchbay/llm/model/clock';
import type { FastifyInstance } from 'fastify';

import { ADMIN_PASSWORD_FILE, JWT_SECRET_FILE, keptSecret } from './config/data-dir.ts';
import type { ManagementSettings } from './config/management-settings.ts';
import { descriptionRoutes } from './faces/catalogue/description.ts';
import { createLimiter } from './faces/catalogue/limits.ts';
import { catalogueRoutes } from './faces/catalogue/routes.ts';
import { createAccessTokens } from './identity/access-tokens.ts';
import { newPepper } from './identity/api-key.ts';
import { createAuthenticator } from './identity/authenticator.ts';
import { firstAdministrator, newPassword, type ShownPassword } from './identity/first-administrator.ts';
import { createLoginGuard } from './identity/login-guard.ts';
import { createPasswords, type Passwords } from './identity/passwords.ts';
import type { KeyVerifier } from './identity/ports.ts';
import { createSessions } from './identity/sessions.ts';
import { gatherHandlers } from './operations/handlers.ts';
import { StorageUnavailable } from './storage/drivers/storage-unavailable.ts';
import type { Store } from './storage/open-store.ts';

/** What the management stands on: made once, before anything is served. */
export interface ManagementFoundations {
  readonly store: Store;
  readonly passwords: Passwords;
  /** Secret that access tokens are signed with. */
  readonly jwtSecret: Secret;
  /** The first administrator, where it was made now. */
  readonly administrator?: { readonly username: string; readonly password: ShownPassword };
}

/** Makes what is missing in the data folder and in the store: a secret for tokens, and the first administrator. */
export async function openManagement(
  { jwtSecret, administrator: settings }: ManagementSettings,
  dataDir: string,
  store: Store,
): Promise<ManagementFoundations> {
  const { users } = store.rows;
  const passwords = createPasswords();
  const nowMs = systemClock.nowMs();
  const password = await firstAdministrator({
    settings,
    passwords,
    hasUsers: async () => (await users.page({ limit: 1 })).total > 0,
    add: async (named) =>
      (await users.insert({ ...FIRST, ...named, id: randomUUID(), createdAtMs: nowMs, updatedAtMs: nowMs })).kind ===
      'inserted',
    keep: () => keptSecret(dataDir, ADMIN_PASSWORD_FILE, newPassword),
  });
  return {
    store,
    passwords,
    jwtSecret: jwtSecret ?? (await keptSecret(dataDir, JWT_SECRET_FILE, newPepper)).secret,
    ...(password !== undefined && { administrator: { username: settings.username, password } }),
  };
}

const FIRST = { role: 'admin', status: 'active', preferences: {} };

export interface ManagementParts extends ManagementFoundations {
  readonly settings: ManagementSettings;
  readonly version: string;
  readonly keys: KeyVerifier;
  readonly clock: Clock;
  readonly onError: (error: unknown, requestId: string) => void;
}

/** Builds the management and mounts its routes. */
export function composeManagement(app: FastifyInstance, parts: ManagementParts): void {
  const { settings, store, passwords, keys, clock, onError } = parts;
  const { limits, corsOrigins, openLoopback } = settings;
  const { users, refreshTokens } = store.rows;
  const tokens = createAccessTokens({ secret: parts.jwtSecret, expiresInS: settings.accessTokenS, clock });
  const sessions = createSessions({
    users,
    store: refreshTokens,
    tokens,
    clock,
    refreshMs: settings.refreshTokenS * 1000,
  });
  const authenticator = createAuthenticator({ tokens, users, sessions: refreshTokens, keys, clock, openLoopback });
  const guard = createLoginGuard({
    clock,
    triesPerMinute: limits.loginsPerMinute,
    failuresMax: limits.loginFailuresMax,
    lockoutMs: limits.lockoutS * 1000,
  });
  const rows = { ...store.rows, transaction: store.transaction };
  const handlers = gatherHandlers({
    users: { rows, passwords, sessions, guard, clock, registrationOpen: settings.registrationOpen },
  });
  const operations: readonly Operation[] = Object.values<Operation>(OPERATIONS).filter(({ id }) => id in handlers);
  catalogueRoutes(app, {
    operations,
    handlers,
    authenticator,
    limit: createLimiter({ ...limits, clock, authenticator }),
    corsOrigins,
    audit: store.rows.audit,
    clock,
    isUnavailable: (error) => error instanceof StorageUnavailable,
    onError,
  });
  descriptionRoutes(app, { operations, version: parts.version });
}
