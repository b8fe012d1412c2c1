import { randomUUID } from 'node:crypto';
import path from 'node:path';

import { OPERATIONS, type Operation } from '@patchbay/contract';
import { DEBUG_OPERATIONS } from '@patchbay/contract/operations/debug';
import type { Secret } from '@patchbay/llm/credentials/secret';
import { systemClock, type Clock } from '@patchbay/llm/model/clock';
import type { FastifyInstance } from 'fastify';

import { composeAccountFace, type AccountFaceParts } from './compose-accounts.ts';
import { composeDebug } from './compose-debug.ts';
import { composeGeneration, mountGeneration, type ComposedGeneration } from './compose-generation.ts';
import { composeOperations, type OperationFoundations } from './compose-operations.ts';
import { ADMIN_PASSWORD_FILE, JWT_SECRET_FILE, keptSecret } from './config/data-dir.ts';
import type { AnswerCache } from './coordination/answer-cache.ts';
import type { PubSub } from './coordination/pubsub.ts';
import { globalTallyKey } from './coordination/key-names.ts';
import type { ManagementSettings } from './config/management-settings.ts';
import type { Settings } from './config/settings.ts';
import type { ShownSetting } from './config/show-settings.ts';
import type { Doctor } from './diagnosis/doctor.ts';
import { accountRoutes } from './faces/accounts/routes.ts';
import { debugRoutes } from './faces/generation/debug/routes.ts';
import { descriptionRoutes } from './faces/catalogue/description.ts';
import { createLimiter } from './serving/limits.ts';
import type { Refused } from './serving/serve-operation.ts';
import { kitRoutes } from './faces/kit/routes.ts';
import { catalogueRoutes } from './faces/catalogue/routes.ts';
import { mcpRoutes } from './faces/mcp/routes.ts';
import { createAccessTokens } from './identity/access-tokens.ts';
import { hashOfKey, newPepper, type HashKey } from './identity/api-key.ts';
import { createCookieSessions } from './identity/cookie-sessions.ts';
import { createAuthenticator, type Authenticator } from './identity/authenticator.ts';
import { debugAuthenticator } from './identity/debug-authenticator.ts';
import { firstAdministrator, newPassword, type ShownPassword } from './identity/first-administrator.ts';
import { createLoginGuard } from './identity/login-guard.ts';
import { createPasswords, type Passwords } from './identity/passwords.ts';
import type { KeyVerifier } from './identity/ports.ts';
import { createSessions } from './identity/sessions.ts';
import { gatherHandlers } from './operations/handlers.ts';
import { kitHandlers } from './operations/kit/handlers.ts';
import { seedSystemRows } from './operations/seeds/seed-system-rows.ts';
import { BackupFolder } from './operations/transfer/backup-folder.ts';
import { createBackup, type TransferParts } from './operations/transfer/backups.ts';
import type { AuthParts } from './operations/users/parts.ts';
import { toldHandlers } from './operations/told-handlers.ts';
import type { ModelLister } from './pipeline/model-listing.ts';
import type { OwnCalls } from './pipeline/own-calls.ts';
import { StorageUnavailable } from './storage/drivers/storage-unavailable.ts';
import type { Store } from './storage/open-store.ts';
import type { AreaLog } from './telemetry/area-log.ts';
import type { LastPrompts } from './telemetry/last-prompts.ts';
import type { RecentLines } from './telemetry/recent-lines.ts';
import type { RefusalBook } from './telemetry/refusal-book.ts';
import type { TraceBook } from './telemetry/trace-book.ts';
import { payloadFolder, PAYLOADS_FOLDER } from './telemetry/payloads/payload-folder.ts';

/** What the management stands on: made once, before anything is served. */
export interface ManagementFoundations {
  readonly store: Store;
  readonly dataDir: string;
  readonly passwords: Passwords;
  /** Every setting as it may be shown. */
  readonly shownSettings: readonly ShownSetting[];
  readonly log: OperationFoundations['log'];
  readonly coordination?: NonNullable<OperationFoundations['coordination']>;
  /** Where a number of the day stands, by its key. Default: nothing is counted. */
  readonly readTally?: (key: string) => Promise<number>;
  /** What the doctor looks at of the system. Default: nothing is watched. */
  readonly system?: NonNullable<OperationFoundations['system']>;
  /** Hashes keys as the verifier of calls does, and makes it read them again. */
  readonly keyHash: HashKey;
  readonly refreshKeys: () => Promise<void>;
  /** Secret that access tokens are signed with. */
  readonly jwtSecret: Secret;
  /** The newest lines of the log. Default: a support bundle has none. */
  readonly lines?: Pick<RecentLines, 'text'>;
  /** Tells of operations that somebody debugs. Default: nobody does. */
  readonly areas?: AreaLog;
  /** The first administrator, where it was made now. */
  readonly administrator?: { readonly username: string; readonly password: ShownPassword };
}

interface OpeningParts extends Pick<
  ManagementFoundations,
  'store' | 'dataDir' | 'shownSettings' | 'log' | 'coordination' | 'readTally' | 'keyHash' | 'refreshKeys'
> {
  readonly settings: ManagementSettings;
}

/** Makes what is missing in the data folder and in the store: a secret for tokens, and the first administrator. */
export async function openManagement({
  settings: { jwtSecret, administrator: settings },
  dataDir,
  store,
  ...rest
}: OpeningParts): Promise<ManagementFoundations> {
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
    ...rest,
    store,
    dataDir,
    passwords,
    jwtSecret: jwtSecret ?? (await keptSecret(dataDir, JWT_SECRET_FILE, newPepper)).secret,
    ...(password !== undefined && { administrator: { username: settings.username, password } }),
  };
}

const FIRST = { role: 'admin', status: 'active', preferences: {} };

/** What the management shares with the calls of models. */
type Shared = Pick<
  OperationFoundations,
  'registry' | 'records' | 'network' | 'policy' | 'wheel' | 'signer' | 'catalog' | 'buyTokens'
>;

type Called = Pick<
  AccountFaceParts,
  'directory' | 'foresight' | 'upstreamAccounts' | 'refreshMappings' | 'refreshPolicies' | 'oauth' | 'proxies'
>;

export interface ManagementParts extends ManagementFoundations, Shared, Called {
  readonly counter: OperationFoundations['counter'];
  readonly traces: TraceBook;
  /** What features asked models last. */
  readonly prompts: LastPrompts;
  /** What models answered, as far as it is given again. */
  readonly answers: AnswerCache;
  /** Tells the other processes. */
  readonly pubsub: PubSub;
  /** Calls that the gateway makes by itself. */
  readonly own: OwnCalls;
  /** Knows which models there are. */
  readonly models: ModelLister;
  /** Counts what is refused. */
  readonly refusals: RefusalBook;
  readonly settings: ManagementSettings;
  readonly everySetting: Settings;
  /** How long calls are kept, in days. */
  readonly logRetentionDays: number;
  readonly version: string;
  readonly keys: KeyVerifier;
  readonly clock: Clock;
  readonly onError: (error: unknown, requestId: string) => void;
}

/** A management that was built. */
export interface Management {
  readonly doctor: Doctor;
  /** Makes an archive for whoever helps. */
  readonly bundle: () => Promise<Buffer>;
  /** Brings the built-in rows up to date. The first time it takes as long as writing them. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Builds the management and mounts its routes. */
export function composeManagement(app: FastifyInstance, parts: ManagementParts): Management {
  const { settings, store, clock, onError } = parts;
  const operations = composeOperations({
    ...parts,
    keptDays: { calls: parts.logRetentionDays },
    backup: () => keepBackup(providers),
    onError: (error) => onError(error, ''),
  });
  const backups = new BackupFolder(path.join(parts.dataDir, 'backups'));
  const providers: TransferParts = { ...operations.management, backups };
  const { authenticator, debugging, ...users } = composeIdentity(parts);
  const payloads = payloadFolder(path.join(parts.dataDir, PAYLOADS_FOLDER));
  const face = { users, payloads, tryAccount: operations.tryAccount, hashOfKey: hexOf(parts.keyHash) };
  const accounts = composeAccountFace({ ...parts, ...face });
  const decks = decksOf(parts);
  const debug = debugOf(parts, operations, decks);
  const system = { ...operations.handlers, ...debug.handlers };
  const serving = {
    operations: OPERATION_LIST,
    handlers: toldHandlers(
      gatherHandlers({
        users,
        providers,
        system,
        generation: decks.handlers,
        kit: kitOf(parts, operations),
        accounts,
      }),
      parts.areas,
      clock,
    ),
    authenticator,
    limit: createLimiter({ ...settings.limits, clock, authenticator }),
    corsOrigins: settings.corsOrigins,
    audit: store.rows.audit,
    clock,
    isUnavailable: (error: unknown) => error instanceof StorageUnavailable,
    onError,
    onRefused: noteRefused(parts),
  };
  catalogueRoutes(app, serving);
  accountRoutes(app, serving);
  mountGeneration(app, { ...serving, ...parts, decks });
  kitRoutes(app, { ...serving, authenticator: debugAuthenticator(authenticator, parts.keys) });
  debugRoutes(app, { ...serving, operations: DEBUG_LIST, authenticator: debugging });
  mcpRoutes(app, { ...serving, version: parts.version });
  descriptionRoutes(app, { operations: OPERATION_LIST, version: parts.version });
  return {
    doctor: operations.doctor,
    bundle: debug.bundle,
    start: async () => {
      if (await seedSystemRows(providers)) await parts.registry.refresh();
    },
    close: () => {
      decks.close();
      return operations.close();
    },
  };
}

const decksOf = (parts: ManagementParts): ComposedGeneration =>
  composeGeneration({
    ...parts,
    settings: parts.everySetting.generation,
    egressAllow: parts.everySetting.egressAllow,
    onError: (error) => parts.onError(error, ''),
  });

/** Counts what was refused, but for what callers may count on being refused. */
const noteRefused =
  ({ refusals }: ManagementParts) =>
  (refused: Refused): void => {
    if (!EXPECTED_REFUSALS.has(refused.operation)) refusals.note({ door: 'management', ...refused });
  };

/** What backends of the library do: models are called as everybody calls them. */
const kitOf = (
  { registry, own, models, directory, oauth, readTally, version, clock }: ManagementParts,
  { handlers, management }: ReturnType<typeof composeOperations>,
): ReturnType<typeof kitHandlers> =>
  kitHandlers({
    registry,
    chat: (request, call) => own.chat(request, call),
    providerOf: (model, userId) => {
      const found = directory.resolve(model, userId);
      return 'failure' in found ? undefined : found.targets[0]?.providerId;
    },
    models: () => models.list(),
    health: handlers,
    usage: handlers,
    switchesOfDay: () => readTally?.(globalTallyKey('account_switches')) ?? Promise.resolve(0),
    management,
    signIns: { ...management, ...oauth, registry },
    version,
    clock,
  });

/** What looks into the gateway. */
const debugOf = (
  parts: ManagementParts,
  { doctor, handlers }: ReturnType<typeof composeOperations>,
  { cache }: ComposedGeneration,
) =>
  composeDebug({
    ...parts,
    clearCache: (endpoint) => (endpoint === 'responses' ? parts.answers : cache).clear(endpoint),
    settings: parts.everySetting,
    doctor,
    secrets: [parts.jwtSecret],
    health: async () => {
      const answer = await handlers['system.health'](NOTHING_ASKED, nobody());
      return answer.ok ? answer.value : answer.failure;
    },
  });

const NOTHING_ASKED = { params: undefined, query: undefined, body: undefined };

/** Where the gateway itself asks. */
const nobody = () => ({ principal: undefined, requestId: '', peer: '', signal: new AbortController().signal });

const hexOf =
  (key: HashKey) =>
  (text: string): string =>
    hashOfKey(text, key).toString('hex');

const OPERATION_LIST: readonly Operation[] = Object.values<Operation>(OPERATIONS);
const EXPECTED_REFUSALS = new Set(OPERATION_LIST.filter((each) => each.refusalIsExpected).map(({ id }) => id));
const DEBUG_LIST: readonly Operation[] = Object.values<Operation>(DEBUG_OPERATIONS);

/** Who asks, and how one signs in. */
function composeIdentity({
  settings,
  everySetting,
  store,
  passwords,
  keys,
  clock,
  jwtSecret,
}: ManagementParts): AuthParts & { readonly authenticator: Authenticator; readonly debugging: Authenticator } {
  const { users, refreshTokens } = store.rows;
  const { openLoopback, accessTokenS, refreshTokenS, registrationOpen, limits } = settings;
  const tokens = createAccessTokens({ secret: jwtSecret, expiresInS: accessTokenS, clock });
  const refreshMs = refreshTokenS * 1000;
  const cookies = createCookieSessions({ secret: jwtSecret, store: refreshTokens, clock, lastsMs: refreshMs });
  const identity = { tokens, cookies, users, sessions: refreshTokens, keys, clock };
  const isDebugOpen = openLoopback || everySetting.debug.isOpen;
  return {
    authenticator: createAuthenticator({ ...identity, openLoopback }),
    debugging: debugAuthenticator(createAuthenticator({ ...identity, openLoopback: isDebugOpen }), keys),
    cookies,
    rows: { ...store.rows, transaction: (work) => store.transaction(work) },
    passwords,
    sessions: createSessions({ users, store: refreshTokens, tokens, clock, refreshMs }),
    guard: createLoginGuard({
      clock,
      triesPerMinute: limits.loginsPerMinute,
      failuresMax: limits.loginFailuresMax,
      lockoutMs: limits.lockoutS * 1000,
    }),
    clock,
    registrationOpen,
  };
}

/** A backup that nobody in particular asked for: without secrets. */
async function keepBackup(parts: TransferParts): Promise<{ readonly id: string }> {
  const body = { includeSystemProviders: true, includeCredentials: false, compression: true, encryption: false };
  const kept = await createBackup(parts)({ ...NOTHING_ASKED, body }, nobody());
  if (!kept.ok) throw new Error(kept.failure.message);
  return { id: kept.value.id };
}
