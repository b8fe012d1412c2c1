import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { Role } from '@patchbay/contract';
import { createSealer } from '@patchbay/llm/credentials/seal';
import { Secret } from '@patchbay/llm/credentials/secret';
import { systemClock, type Clock } from '@patchbay/llm/model/clock';

import type { Foundations } from '../../src/compose.ts';
import { oauthFoundations } from '../../src/compose-oauth.ts';
import type { ManagementSettings } from '../../src/config/management-settings.ts';
import type { Settings } from '../../src/config/settings.ts';
import { memoryCache } from '../../src/coordination/memory/cache.ts';
import { hashKeyOf } from '../../src/identity/api-key.ts';
import { createAccessTokens } from '../../src/identity/access-tokens.ts';
import { createPasswords } from '../../src/identity/passwords.ts';
import type { Store } from '../../src/storage/open-store.ts';
import { startGateway, TEST_KEY, TEST_SETTINGS, type TestGateway } from '../support/test-gateway.ts';

export const PASSWORD = 'canary-password-of-everyone';
/** An administrative key, and the same kind of key with a lesser role. */
export const ADMIN_KEY = 'pb_canary_admin_key_of_the_suite';
export const VIEWER_KEY = 'pb_canary_viewer_key_of_the_suite';
export const JWT_SECRET = new Secret('canary-jwt-secret-of-the-suite-0123');

/** An answer with its body read. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // What an interface answers is looked at by hand in tests.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly json: any;
}

/** What a request carries besides its path. */
export interface Sent {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A gateway with its management on a real store, and a user for each role, named like it. */
export interface ManagementGateway {
  readonly url: string;
  readonly gateway: TestGateway;
  readonly dataDir: string;
  ask(route: string, sent?: Sent): Promise<Answered>;
  /** Access token of a new session. */
  signIn(username: string, password?: string): Promise<string>;
  close(): Promise<void>;
}

const KEYS = { keyHash: hashKeyOf(Buffer.alloc(32)), refreshKeys: () => Promise.resolve() };
const SEAL_KEY = new Secret('a key of the tests');
const CHEAP = { memoryKiB: 64, passes: 1 };
const ROLES: readonly Role[] = ['admin', 'developer', 'user', 'provider', 'viewer'];

/** Starts it on `store`, which the caller closes. */
export async function startManagement(
  store: Store,
  settings: Partial<ManagementSettings> = {},
  others: Partial<Settings> = {},
): Promise<ManagementGateway> {
  const passwords = createPasswords(CHEAP);
  const dataDir = await mkdtemp(path.join(tmpdir(), 'patchbay-test-'));
  for (const role of ROLES) await addUser(store, role, await passwords.hash(PASSWORD));
  const gateway = await startGateway(
    [],
    { ...others, management: { ...TEST_SETTINGS.management, ...settings } },
    {
      keys: { verify: verifyKey },
      stored: { rows: store.rows, secrets: store.secrets, feed: store.changes },
      oauth: oauthFoundations(store, {
        dataDir,
        sealer: await createSealer([SEAL_KEY]),
        cache: memoryCache(() => systemClock.nowMs()),
      }),
      management: {
        store,
        passwords,
        jwtSecret: JWT_SECRET,
        dataDir,
        shownSettings: [],
        log: () => undefined,
        ...KEYS,
      },
    },
  );
  const ask = (route: string, sent: Sent = {}): Promise<Answered> => askOf(gateway.url, route, sent);
  return {
    url: gateway.url,
    gateway,
    dataDir,
    ask,
    signIn: async (username, password = PASSWORD) => {
      const { status, json, text } = await ask('POST /api/auth/login', { body: { username, password } });
      if (status !== 200) throw new Error(text);
      return json.token as string;
    },
    close: async () => {
      await gateway.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

/** Sends one request, written as `POST /path`. A body that is text goes as it is. */
export async function askOf(url: string, route: string, { token, body, headers = {} }: Sent = {}): Promise<Answered> {
  const [method = 'GET', path = ''] = route.split(' ');
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined
      ? {}
      : { body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true && text !== '';
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
}

/** An access token signed with the suite's secret at another time. */
export const tokenAt = (nowMs: number, userId: string, sessionId: string): Promise<string> => {
  const clock: Clock = { ...systemClock, nowMs: () => nowMs };
  const tokens = createAccessTokens({ secret: JWT_SECRET, expiresInS: 3600, clock });
  return tokens.sign({ userId, sessionId, username: 'admin', role: 'admin', permissions: [] });
};

async function addUser(store: Store, role: Role, passwordHash: string): Promise<void> {
  const nowMs = systemClock.nowMs();
  await store.rows.users.insert({
    id: randomUUID(),
    username: role,
    email: `${role}@example.com`,
    role,
    status: 'active',
    passwordHash,
    preferences: {},
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  });
}

const KEY_ROLES: Readonly<Record<string, string | undefined>> = { [ADMIN_KEY]: 'admin', [VIEWER_KEY]: 'read_only' };

const verifyKey: Foundations['keys']['verify'] = (key) => {
  if (key === TEST_KEY) return { keyId: 'test', label: 'test' };
  const role = KEY_ROLES[key];
  return role === undefined ? 'unknown' : { keyId: `key-of-${role}`, label: 'a key', role };
};
