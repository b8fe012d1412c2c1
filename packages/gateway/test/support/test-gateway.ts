import type { AddressInfo } from 'node:net';

import { Secret } from '@patchbay/llm/credentials/secret';

import { composeGateway, type Foundations, type Gateway } from '../../src/compose.ts';
import type { ProviderSetting, Settings } from '../../src/config/settings.ts';
import type { CallRecord } from '../../src/telemetry/call-record.ts';

export const TEST_KEY = 'pb_test_key_for_the_gateway_suite';

export interface TestGateway {
  readonly url: string;
  readonly records: CallRecord[];
  readonly errors: unknown[];
  readonly gateway: Gateway;
  /** Resolves with the record of the call that ends next, or of one that already ended and was not taken. */
  nextRecord(): Promise<CallRecord>;
  close(): Promise<void>;
}

/** One provider with as many accounts as keys are given. */
export const provider = (providerId: string, baseUrl: string, ...keys: readonly string[]): ProviderSetting => ({
  providerId,
  baseUrl,
  accounts: keys.map((key, index) => ({ kind: 'api-key', id: `${providerId}-${index + 1}`, key: new Secret(key) })),
});

/** The whole gateway on a real socket, with records kept in memory, built on other `parts` where the test gives them. */
export async function startGateway(
  providers: readonly ProviderSetting[],
  changes: Partial<Settings> = {},
  parts: Partial<Foundations> = {},
): Promise<TestGateway> {
  const records: CallRecord[] = [];
  const errors: unknown[] = [];
  const waiting: ((record: CallRecord) => void)[] = [];
  let taken = 0;
  const gateway = composeGateway({
    settings: { ...TEST_SETTINGS, providers, ...changes },
    version: 'test',
    keys: {
      verify: (key) =>
        key === TEST_KEY ? { keyId: 'test', label: 'test' } : key === 'revoked' ? 'revoked' : 'unknown',
    },
    sink: {
      record: (call) => {
        records.push(call);
        const waiter = waiting.shift();
        if (waiter !== undefined) {
          taken += 1;
          waiter(call);
        }
      },
    },
    inFlight: { now: 0 },
    metrics: () => '',
    onError: (error) => errors.push(error),
    ...parts,
  });
  if (parts.management !== undefined) await gateway.start();
  await gateway.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = gateway.app.server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    records,
    errors,
    gateway,
    nextRecord: () => {
      const ended = records[taken];
      if (ended !== undefined) {
        taken += 1;
        return Promise.resolve(ended);
      }
      return new Promise((resolve) => waiting.push(resolve));
    },
    close: async () => {
      gateway.app.server.closeAllConnections();
      await gateway.close();
    },
  };
}

export const TEST_SETTINGS: Settings = {
  host: '127.0.0.1',
  port: 0,
  dataDir: '',
  providers: [],
  oauth: [],
  aliases: new Map(),
  accountPolicies: new Map(),
  limits: { models: new Map() },
  timeouts: { connectMs: 1000, headersMs: 2000, firstTokenMs: 2000, idleMs: 2000, totalMs: 20_000 },
  keepAliveMs: 0,
  bodyLimitBytes: 4 * 1024 * 1024,
  maxInFlight: 1000,
  responsesRetentionDays: 30,
  logRetentionDays: 30,
  capture: { mode: 'off', bytesMax: 65_536, days: 7 },
  encryptionKeys: [],
  clientStallMs: 2000,
  drainMs: 1000,
  egressAllow: [],
  management: {
    openLoopback: false,
    administrator: { username: 'admin', email: 'admin@example.com' },
    accessTokenS: 3600,
    refreshTokenS: 604_800,
    registrationOpen: false,
    corsOrigins: [],
    providerTestMs: 2000,
    healthCheckS: 0,
    limits: { max: 0, windowMs: 900_000, loginsPerMinute: 0, loginFailuresMax: 0, lockoutS: 900 },
  },
  generation: {
    writers: {
      openai: { model: 'gpt-4.1-mini' },
      openrouter: { model: 'meta-llama/llama-4-maverick:free' },
      together: { model: 'meta-llama/Llama-3.3-70B-Instruct-Turbo' },
    },
    presets: {},
    imageModel: 'black-forest-labs/FLUX.1-schnell-Free',
    templates: {},
    perMinute: { outline: 0, slides: 0, images: 0 },
    cache: { ttlMs: 0, bytesMax: 0 },
    blobs: { kind: 'local' },
    documents: { bytesMax: 20_000_000, fetchTimeoutMs: 30_000, readTimeoutMs: 20_000, atOnce: 2 },
    decksKeptMs: 86_400_000,
  },
  debug: { isOpen: false, areas: [] },
  log: { level: 'silent', format: 'json' },
};

/** POSTs JSON with the test key. */
export const post = (
  gateway: TestGateway,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(gateway.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${TEST_KEY}`, ...headers },
    body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
  });
