import { randomUUID } from 'node:crypto';

import type { ModelRecord, ProviderRecord, UserRecord } from '../../src/storage/records.ts';
import type { NewRow } from '../../src/storage/repository.ts';

/** A provider row; its identifier is new each time. */
export const provider = (more: Partial<ProviderRecord> = {}): NewRow<ProviderRecord> => {
  const id = randomUUID();
  return {
    id,
    identifier: `p-${id.slice(0, 13)}`,
    name: 'A provider',
    apiEndpoint: 'https://api.example.com/v1',
    authMethod: 'api_key',
    authConfig: { type: 'api_key', fields: {} },
    capabilities: { supportsTools: true },
    status: 'active',
    isSystem: false,
    createdAtMs: 1_790_000_000_001,
    updatedAtMs: 1_790_000_000_001,
    ...more,
  };
};

/** A model row of a provider. */
export const model = (providerId: string, more: Partial<ModelRecord> = {}): NewRow<ModelRecord> => ({
  id: randomUUID(),
  providerId,
  identifier: 'gpt',
  name: 'A model',
  contextLength: 8192,
  capabilities: {},
  status: 'active',
  isDefault: false,
  createdAtMs: 1,
  updatedAtMs: 1,
  ...more,
});

/** A user row. */
export const user = (username: string, more: Partial<UserRecord> = {}): NewRow<UserRecord> => ({
  id: randomUUID(),
  username,
  email: `${username}@example.com`,
  role: 'user',
  status: 'active',
  passwordHash: 'no hash',
  preferences: {},
  createdAtMs: 1,
  updatedAtMs: 1,
  ...more,
});
