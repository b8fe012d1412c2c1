import type { WatchedResource } from '@patchbay/contract/resources/change';

/** Something that two windows show and change. */
export interface Shared {
  readonly resource: WatchedResource;
  readonly page: string;
  /** Where the page asks for the list. */
  readonly list: string;
  /** Where the API shows it, and what it is called there. */
  readonly api: string;
  readonly name: string;
  /** What its form calls it. Default: `Name`. */
  readonly field?: string;
}

const ABILITIES = {
  maxContextLength: 64_000,
  supportedRoles: ['system', 'user', 'assistant'],
  supportsStreaming: true,
  supportsSystemMessages: true,
  supportsTools: true,
};

const MODEL = { identifier: 'shared-model', name: 'shared', contextLength: 64_000, capabilities: ABILITIES };

/** What is shared, and how it is made; the provider comes first, which the model is of. */
export type What = Shared & { readonly make: string; readonly body: (upstream: string) => object };

export const WHAT: readonly What[] = [
  {
    resource: 'providers',
    page: '/providers',
    list: '/api/admin/providers',
    api: '/api/admin/providers',
    name: 'name',
    make: '/api/admin/providers',
    body: (apiEndpoint) => ({
      identifier: 'shared',
      name: 'shared',
      apiEndpoint,
      authMethod: 'api_key',
      authConfig: { type: 'api_key', fields: { apiKey: 'canary-shared-0123456789' } },
      capabilities: ABILITIES,
    }),
  },
  {
    resource: 'models',
    page: '/models?search=shared',
    list: '/api/admin/models',
    api: '/api/admin/models',
    name: 'name',
    make: '/api/admin/providers/{provider}/models',
    body: () => MODEL,
  },
  {
    resource: 'templates',
    page: '/templates?search=shared',
    list: '/api/admin/provider-templates',
    api: '/api/admin/provider-templates',
    name: 'name',
    make: '/api/admin/provider-templates',
    body: (apiEndpoint) => ({
      name: 'shared',
      description: 'Shared by two.',
      defaultModels: [MODEL],
      providerConfig: {
        name: 'Shared',
        apiEndpoint,
        authMethod: 'api_key',
        authConfig: { type: 'api_key', fields: { apiKey: { required: true, sensitive: true } } },
      },
    }),
  },
  {
    resource: 'accounts',
    page: '/accounts',
    list: '/api/v1/accounts',
    api: '/api/v1/accounts',
    name: 'label',
    make: '/api/v1/accounts',
    body: () => ({ provider_id: 'groq', label: 'shared', auth_data: { api_key: 'canary-account-0123456789' } }),
  },
  {
    resource: 'keys',
    page: '/keys',
    list: '/api/v1/api-keys',
    api: '/api/v1/api-keys',
    name: 'label',
    make: '/v1/api-keys',
    body: () => ({ label: 'shared' }),
  },
  {
    resource: 'mappings',
    page: '/mappings',
    list: '/api/v1/model-mappings',
    api: '/api/v1/model-mappings',
    name: 'model_name',
    field: 'Model',
    make: '/api/v1/model-mappings',
    body: () => ({ alias: 'shared', provider_id: 'groq', model_name: 'shared-model', is_global: true }),
  },
];
