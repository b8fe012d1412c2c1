import { randomUUID } from 'node:crypto';

import { Secret } from '@patchbay/llm/credentials/secret';

export const PROVIDERS = 10_000;
const MODELS_EACH = 5;
const CAPABILITIES = {
  supportsSystemMessages: true,
  maxContextLength: 128_000,
  supportedRoles: ['system', 'user', 'assistant'],
  supportsStreaming: true,
  supportsTools: true,
};

/** Writes 10,000 providers with sealed keys and 50,000 models. */
export async function fillStore(store) {
  const nowMs = Date.now() - 60_000;
  const times = { createdAtMs: nowMs, updatedAtMs: nowMs };
  const providers = Array.from({ length: PROVIDERS }, (_, index) => providerOf(index, times));
  for (let from = 0; from < providers.length; from += 1000)
    await store.rows.providers.insertMany(providers.slice(from, from + 1000));
  const models = providers.flatMap(({ id }) => Array.from({ length: MODELS_EACH }, (_, n) => modelOf(id, n, times)));
  for (let from = 0; from < models.length; from += 1000)
    await store.rows.models.insertMany(models.slice(from, from + 1000));
  return { providers, models };
}

const providerOf = (index, times) => ({
  id: randomUUID(),
  identifier: `provider-${String(index).padStart(5, '0')}`,
  name: `Provider ${(index * 7919) % PROVIDERS}`,
  description: 'One of many',
  apiEndpoint: `https://host-${index % 500}.example.com/v1`,
  authMethod: 'api_key',
  authConfig: {
    type: 'api_key',
    fields: { apiKey: new Secret(`canary-key-of-bench-${index}`) },
    headers: { Authorization: 'Bearer {{apiKey}}' },
  },
  capabilities: CAPABILITIES,
  status: index % 10 === 0 ? 'inactive' : 'active',
  isSystem: false,
  ...times,
});

const modelOf = (providerId, index, times) => ({
  id: randomUUID(),
  providerId,
  identifier: `model-${index}`,
  name: `Model ${index}`,
  contextLength: 128_000,
  capabilities: { ...CAPABILITIES, supportsFunctionCalling: true },
  pricingInfo: { inputTokenPrice: 0.001, outputTokenPrice: 0.002, currency: 'USD' },
  status: 'active',
  isDefault: index === 0,
  ...times,
});
