import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { OPERATIONS, readInput, type Operation } from '@patchbay/contract';
import { OAUTH_OPERATIONS } from '@patchbay/contract/operations/oauth';
import { createSealer } from '@patchbay/llm/credentials/seal';
import { Secret } from '@patchbay/llm/credentials/secret';
import { systemClock } from '@patchbay/llm/model/clock';

import { oauthFoundations } from '../../src/compose-oauth.ts';
import { readOAuth } from '../../src/config/oauth-settings.ts';
import type { Cache } from '../../src/coordination/cache.ts';
import { memoryCache } from '../../src/coordination/memory/cache.ts';
import { accountHandlers } from '../../src/operations/accounts/handlers.ts';
import type { Circumstances } from '../../src/operations/handler.ts';
import { oauthHandlers } from '../../src/operations/oauth/handlers.ts';
import { openStore, type Store } from '../../src/storage/open-store.ts';
import { as } from '../accounts/account-gateway.ts';
import type { AuthorizationServer } from '../support/authorization-server.ts';
import { startUpstream, sendJson, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { post, startGateway, type TestGateway } from '../support/test-gateway.ts';

// What an operation answers is looked at by hand in tests.
// oxlint-disable-next-line typescript/no-explicit-any
export type Seen = any;

/** A gateway with a store, a provider that takes the tokens of an authorization server, and the operations on both. */
export interface OAuthGateway {
  readonly gateway: TestGateway;
  readonly store: Store;
  readonly upstream: ScriptedUpstream;
  readonly cache: Cache;
  /** Everything that was answered, logged or asked of us so far, as text: secrets must not be in it. */
  readonly said: string[];
  /** Carries an operation out, read by the contract's own schemas. */
  does(
    id: keyof typeof OAUTH_OPERATIONS | 'accounts.create' | 'accounts.update',
    asked?: object,
    by?: Circumstances,
  ): Promise<Seen>;
  chat(): Promise<Response>;
  /** Texts of every file in the data folder. */
  files(): Promise<string>;
  close(): Promise<void>;
}

const CHAT = {
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
};

/** Variables that lead the ways of signing in to one local server. */
export const variablesFor = (server: AuthorizationServer, prefix = 'OPENAI'): Readonly<Record<string, string>> => ({
  [`${prefix}_OAUTH_CLIENT_ID`]: server.clientId,
  [`${prefix}_OAUTH_CLIENT_SECRET`]: server.clientSecret,
  [`${prefix}_OAUTH_AUTHORIZE_URL`]: `${server.url}/authorize`,
  [`${prefix}_OAUTH_TOKEN_URL`]: `${server.url}/token`,
});

/** Starts one with these variables. */
export async function startOAuth(
  server: AuthorizationServer,
  variables: Readonly<Record<string, string>>,
  cache: Cache = memoryCache(() => systemClock.nowMs()),
): Promise<OAuthGateway> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'patchbay-oauth-'));
  const sealer = await createSealer([new Secret('a key of the tests')]);
  const store = await openStore({ dataDir, clock: systemClock, sealer });
  const said: string[] = [];
  const upstream = await startUpstream((seen, response) => {
    const token = (seen.headers.authorization ?? '').replace(/^Bearer /, '');
    if (server.takes(token)) return sendJson(response, 200, CHAT);
    return sendJson(response, 401, { error: { message: `Incorrect token ${token}`, code: 'invalid_api_key' } });
  });
  const problems: string[] = [];
  const oauth = readOAuth({ values: new Map(Object.entries(variables)), sources: new Map(), problems });
  if (problems.length > 0) throw new Error(problems.join(' '));
  const gateway = await startGateway(
    [{ providerId: 'openai', baseUrl: `${upstream.url}/v1`, accounts: [] }],
    { egressAllow: ['127.0.0.1'], oauth, port: 8000 },
    {
      stored: { rows: store.rows, secrets: store.secrets, feed: store.changes },
      oauth: oauthFoundations(store, { dataDir, sealer, cache }),
    },
  );
  await gateway.gateway.registry.start();
  const made = gateway.gateway.oauth;
  if (made === undefined) throw new Error('The gateway signs nobody in.');
  const accounts = {
    rows: { ...store.rows, transaction: <T>(work: (rows: Store['rows']) => Promise<T>) => store.transaction(work) },
    secrets: store.secrets,
    registry: gateway.gateway.registry,
    clock: systemClock,
    newId: randomUUID,
  };
  const openerOrigins = ['https://console.example'];
  const handlers = { ...accountHandlers(accounts), ...oauthHandlers({ ...made, ...accounts, openerOrigins }) };
  return {
    gateway,
    store,
    upstream,
    cache,
    said,
    does: async (id, asked = {}, by = as('admin')) => {
      const operation: Operation =
        id in OAUTH_OPERATIONS ? OAUTH_OPERATIONS[id as 'oauth.init'] : OPERATIONS[id as never];
      const handler = handlers[id] as unknown as (asked: object, by: Circumstances) => Promise<Seen>;
      const answer = await handler(readAsked(operation, asked), by);
      said.push(JSON.stringify(answer));
      return answer.ok ? answer.value : answer.failure;
    },
    chat: async () => {
      const response = await post(gateway, '/v1/chat/completions', {
        model: 'openai/gpt-4',
        messages: [{ role: 'user', content: 'hi' }],
      });
      said.push(await response.clone().text());
      said.push(JSON.stringify(await gateway.nextRecord()), JSON.stringify(gateway.errors.map(String)));
      return response;
    },
    files: async () => {
      const names = await readdir(dataDir, { recursive: true, withFileTypes: true });
      const texts = names
        .filter((each) => each.isFile())
        .map((each) => readFile(path.join(each.parentPath, each.name), 'latin1'));
      return (await Promise.all(texts)).join('\n');
    },
    close: async () => {
      await gateway.close();
      await upstream.close();
      await store.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

function readAsked(operation: Operation, asked: Seen): object {
  const read: Record<string, unknown> = {};
  for (const name of ['params', 'query', 'body'] as const) {
    const schema = operation[name];
    if (schema === undefined) continue;
    const part = readInput(schema, asked[name] ?? {});
    if (!part.ok) throw new Error(part.errors.map(({ field, message }) => `${name}.${field}: ${message}`).join(' '));
    read[name] = part.value;
  }
  return read;
}
