import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

import { Diagnosis, type Finding } from '@patchbay/contract/resources/diagnostics';
import { Secret } from '@patchbay/llm/credentials/secret';
import { systemClock } from '@patchbay/llm/model/clock';

import type { Settings } from '../../src/config/settings.ts';
import type { JsonWithSecrets } from '../../src/storage/records.ts';
import { ADMIN_KEY, startManagement, type ManagementGateway } from '../management/management-gateway.ts';
import { ENGINES, type Engine, type TestStore } from '../storage/engines.ts';

/** A gateway with its management on a store of its own, whose doctor is asked over HTTP. */
export interface DoctorGateway extends TestStore {
  readonly management: ManagementGateway;
  /** What is found now; nothing of it holds a canary. */
  find(reach?: 'here' | 'network'): Promise<readonly Finding[]>;
  /** The only finding of this code. */
  one(code: string, reach?: 'here' | 'network'): Promise<Finding>;
  /** Adds an account of a provider as its row is; resolves to its id. */
  addAccount(providerId: string, authData: JsonWithSecrets, more?: object): Promise<string>;
}

/** Starts one with these settings, on the embedded store unless another engine is given. */
export async function startDoctorGateway(settings: Partial<Settings> = {}, engine?: Engine): Promise<DoctorGateway> {
  const [sqlite] = ENGINES;
  const made = await (engine ?? sqlite)?.make();
  assert.ok(made);
  const management = await startManagement(made.store, {}, { egressAllow: ['127.0.0.1', 'localhost'], ...settings });
  const find = async (reach: 'here' | 'network' = 'here'): Promise<readonly Finding[]> => {
    const { status, json, text } = await management.ask(`GET /api/system/diagnostics?reach=${reach}`, {
      token: ADMIN_KEY,
    });
    assert.equal(status, 200, text);
    assert.doesNotMatch(text, /canary/);
    return Diagnosis.parse(json).findings;
  };
  return {
    ...made,
    management,
    find,
    one: async (code, reach) => {
      const findings = await find(reach);
      const found = findings.filter((each) => each.code === code);
      assert.equal(
        found.length,
        1,
        `${code} among ${findings.map((each) => `${each.code} (${each.subject})`).join(', ')}`,
      );
      return found[0] as Finding;
    },
    addAccount: async (providerId, authData, more = {}) => {
      const nowMs = systemClock.nowMs();
      const id = randomUUID();
      await made.store.rows.accounts.insert({
        id,
        providerId,
        label: 'an account',
        authData,
        metadata: {},
        isActive: true,
        usageCount: 0,
        healthStatus: 'healthy',
        failureCount: 0,
        createdAtMs: nowMs,
        updatedAtMs: nowMs,
        ...more,
      });
      await management.gateway.gateway.registry.refresh();
      return id;
    },
    close: async () => {
      await management.close();
      await made.close();
    },
  };
}

/** Members of `auth_data` with a key that must never be seen. */
export const keyData = (key = 'canary-key-of-an-account-0001'): JsonWithSecrets => ({ api_key: new Secret(key) });

/** A port of the loopback address at which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
