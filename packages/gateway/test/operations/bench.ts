import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { OPERATIONS, PERMISSIONS, readInput, type Operation, type OperationFailure } from '@patchbay/contract';
import { loadCatalog } from '@patchbay/llm/catalog/load-catalog';
import { RequestSigner } from '@patchbay/llm/credentials/signers/request-signer';
import { systemClock } from '@patchbay/llm/model/clock';
import type { ProviderRecord } from '@patchbay/llm/providers/define-provider';
import { PROVIDERS } from '@patchbay/llm/providers/registry';

import { createProber } from '../../src/diagnosis/probe/prober.ts';
import { createRowProber } from '../../src/diagnosis/probe/row-prober.ts';
import { guardedConnect } from '../../src/egress/guarded-connect.ts';
import { createEgressPolicy } from '../../src/egress/policy.ts';
import type { Principal } from '../../src/identity/principal.ts';
import { BackgroundTasks } from '../../src/operations/background.ts';
import type { Change } from '../../src/operations/handler.ts';
import { modelHandlers } from '../../src/operations/models/handlers.ts';
import { providerHandlers } from '../../src/operations/providers/handlers.ts';
import { seedSystemRows } from '../../src/operations/seeds/seed-system-rows.ts';
import { templateHandlers } from '../../src/operations/templates/handlers.ts';
import { BackupFolder } from '../../src/operations/transfer/backup-folder.ts';
import type { TransferParts } from '../../src/operations/transfer/backups.ts';
import { transferHandlers } from '../../src/operations/transfer/handlers.ts';
import { DeadlineWheel } from '../../src/relay/deadline-wheel.ts';
import { fetchWhole } from '../../src/relay/fetch-whole.ts';
import { http1Upstream } from '../../src/relay/http1/http1-upstream.ts';
import { upstreamExchange } from '../../src/relay/upstream-exchange.ts';
import type { Engine, TestStore } from '../storage/engines.ts';

/** What was asked for, as it comes over the wire. */
export interface Asking {
  readonly params?: object;
  readonly query?: object;
  readonly body?: object;
}

// What an operation answers is looked at by hand in tests.
// oxlint-disable-next-line typescript/no-explicit-any
export type Seen = any;

/** An answer, whatever the operation. */
export interface Told {
  readonly ok: boolean;
  readonly value: Seen;
  readonly failure: OperationFailure | undefined;
  readonly changes: readonly Change[];
  readonly file: { readonly name: string; readonly contentType: string; readonly bytes: Buffer } | undefined;
}

/** Operations on a store of their own, with a real prober and a server that plays a provider. */
export interface Bench {
  readonly parts: TransferParts;
  readonly background: BackgroundTasks;
  readonly store: TestStore;
  readonly folder: string;
  /** Where the played provider is. */
  readonly url: string;
  /** What the played provider does. */
  onRequest: RequestListener;
  /** How often the registry was asked to look. */
  refreshed(): number;
  seed(): Promise<boolean>;
  ask(id: keyof typeof OPERATIONS, asking?: Asking, principal?: Principal): Promise<Told>;
  close(): Promise<void>;
}

/** Somebody who may do everything but what is left out. */
export const principalWithout = (...left: readonly string[]): Principal => ({
  kind: 'api-key',
  id: 'a-key',
  name: 'ada',
  role: 'admin',
  permissions: new Set(PERMISSIONS.filter((each) => !left.includes(each))),
});

/** Sets all of it up. */
export async function openBench(engine: Engine): Promise<Bench> {
  const store = await engine.make();
  const folder = await mkdtemp(path.join(tmpdir(), 'patchbay-operations-'));
  const server = createServer((request, response) => bench.onRequest(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const wheel = new DeadlineWheel(systemClock);
  const policy = createEgressPolicy(['127.0.0.1'], []);
  const upstream = http1Upstream(guardedConnect(policy, systemClock), wheel);
  const background = new BackgroundTasks({
    onError: (error) => {
      throw error;
    },
  });
  let refreshed = 0;
  const { rows, transaction, secrets } = store.store;
  const records = Object.values<ProviderRecord>(PROVIDERS);
  const prober = createRowProber({
    prober: createProber({
      policy,
      names: (hostname) => Promise.resolve([hostname]),
      signer: new RequestSigner({ exchange: upstreamExchange(upstream, wheel), clock: systemClock }),
      ask: (request, timeoutMs) => fetchWhole(upstream, request, wheel, timeoutMs),
      clock: systemClock,
      timeoutMs: 2000,
    }),
    secrets,
    models: rows.models,
    records,
    inForce: () => ({
      version: 1,
      loadedAtMs: 0,
      runtimes: new Map(),
      models: new Map(),
      problems: [],
      providersOf: () => [],
    }),
    clock: systemClock,
  });
  const parts: TransferParts = {
    rows: { ...rows, transaction },
    secrets,
    registry: {
      refresh: () => {
        refreshed += 1;
        return Promise.resolve();
      },
    },
    prober,
    usage: {
      sums: ({ provider, model = '' }) => Promise.resolve({ ...NOTHING, requests: provider.length + model.length }),
    },
    health: {
      of: (providers) =>
        Promise.resolve(
          providers.map(({ id, identifier, name }) => ({
            providerId: id,
            identifier,
            name,
            status: 'unknown',
            uptime: 0,
          })),
        ),
    },
    background,
    catalog: loadCatalog,
    clock: systemClock,
    newId: randomUUID,
    backups: new BackupFolder(path.join(folder, 'backups')),
  };
  const handlers = {
    ...providerHandlers(parts),
    ...modelHandlers(parts),
    ...templateHandlers(parts),
    ...transferHandlers(parts),
  };
  const bench: Bench = {
    parts,
    background,
    store,
    folder,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    onRequest: (_, response) => response.writeHead(404).end(),
    refreshed: () => refreshed,
    seed: () => seedSystemRows(parts),
    ask: async (id, asking = {}, principal = principalWithout()) => {
      const read = readAsking(OPERATIONS[id], asking);
      if (typeof read === 'string') throw new Error(`${id}: ${read}`);
      const handler = handlers[id as keyof typeof handlers] as unknown as (
        asked: unknown,
        by: object,
      ) => Promise<Partial<Told> & Pick<Told, 'ok' | 'value'>>;
      const answer = await handler(read, { principal, requestId: 'r', peer: '127.0.0.1', signal: NEVER });
      return { ...NO_MORE, ...answer };
    },
    close: async () => {
      await background.close();
      upstream.close();
      server.close();
      server.closeAllConnections();
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
  return bench;
}

const NO_MORE = { changes: [], file: undefined, failure: undefined };
const NEVER = new AbortController().signal;
const NOTHING = {
  requests: 0,
  errors: 0,
  inputTokens: 0,
  outputTokens: 0,
  costUsd: 0,
  callsOfUnknownPrice: 0,
  averageLatencyMs: 0,
};

/** Reads what was asked for by the contract's own schemas, as the interface does. */
function readAsking(operation: Operation, asking: Asking): object | string {
  const read: Record<string, unknown> = {};
  for (const name of ['params', 'query', 'body'] as const) {
    const schema = operation[name];
    if (schema === undefined) continue;
    const part = readInput(schema, asking[name] ?? {});
    if (!part.ok) return part.errors.map(({ field, message }) => `${name}.${field}: ${message}`).join(' ');
    read[name] = part.value;
  }
  return read;
}

/** A provider as the integration guide makes it, at the played one. */
export const sampleProvider = (url: string, identifier = 'custom-openai', apiKey = 'canary-key-of-operations') => ({
  identifier,
  name: 'Custom OpenAI Provider',
  description: 'Custom OpenAI configuration for our organization',
  apiEndpoint: `${url}/v1`,
  authMethod: 'api_key',
  authConfig: { type: 'api_key', fields: { apiKey }, headers: { Authorization: 'Bearer {{apiKey}}' } },
  capabilities: {
    supportsSystemMessages: true,
    maxContextLength: 128_000,
    supportedRoles: ['system', 'user', 'assistant'],
    supportsStreaming: true,
    supportsTools: true,
    supportedAuthMethods: ['api_key'],
  },
});

/** A model as the guide makes it. */
export const sampleModel = (identifier = 'gpt-4') => ({
  identifier,
  name: 'GPT-4',
  description: 'OpenAI GPT-4 model',
  contextLength: 8192,
  capabilities: {
    supportsSystemMessages: true,
    maxContextLength: 8192,
    supportedRoles: ['system', 'user', 'assistant'],
    supportsStreaming: true,
    supportsTools: true,
    supportsFunctionCalling: true,
  },
  pricingInfo: { inputTokenPrice: 0.03, outputTokenPrice: 0.06, currency: 'USD' },
});
