import { askAs, providerBody } from './ask-gateway.ts';
import { PASSWORD, type ConsoleStage } from './console-browser.ts';

/** What one thing of each kind is called where `furnish` was. */
export const NAMED = {
  user: 'ada',
  provider: 'acme',
  model: 'acme-large',
  template: 'Acme pattern',
  builtInTemplate: 'OpenAI',
  mapping: 'fast',
  account: 'Acme account',
  proxy: 'Harbour',
  key: 'Batch job',
} as const;

const ABILITIES = {
  maxContextLength: 64_000,
  supportedRoles: ['system', 'user', 'assistant'],
  supportsStreaming: true,
  supportsSystemMessages: true,
  supportsTools: true,
};

/** What the API calls what was made. */
export interface Furniture {
  readonly provider: string;
  readonly model: string;
  readonly template: string;
  readonly mapping: string;
  readonly account: string;
  readonly proxy: string;
  readonly key: string;
  /** Beginning of its id, by which it is shown. */
  readonly backup: string;
}

/** Makes one thing of each kind, all of them the administrator's, so that whatever opens has something to show. */
export async function furnish(stage: ConsoleStage): Promise<Furniture> {
  const ask = await askAs(stage);
  const make = async (path: string, body: object): Promise<string> => String((await ask('POST', path, body))['id']);
  await ask('POST', '/api/admin/users', {
    username: NAMED.user,
    email: 'ada@example.com',
    password: PASSWORD,
    role: 'user',
  });
  const provider = await make(
    '/api/admin/providers',
    providerBody(NAMED.provider, 'https://acme.example.com/v1', 'canary-of-acme-0123456789'),
  );
  const model = await make(`/api/admin/providers/${provider}/models`, {
    identifier: NAMED.model,
    name: NAMED.model,
    contextLength: 64_000,
    capabilities: ABILITIES,
  });
  const template = await make('/api/admin/provider-templates', {
    name: NAMED.template,
    providerConfig: {
      name: 'Acme',
      apiEndpoint: 'https://acme.example.com/v1',
      authMethod: 'api_key',
      authConfig: { type: 'api_key', fields: { apiKey: { required: true } } },
    },
    defaultModels: [{ identifier: NAMED.model, name: NAMED.model, contextLength: 64_000 }],
  });
  const mapping = await make('/api/v1/model-mappings', {
    alias: NAMED.mapping,
    provider_id: 'simulator',
    model_name: 'echo',
    is_global: true,
  });
  const account = await make('/api/v1/accounts', {
    provider_id: 'groq',
    label: NAMED.account,
    auth_data: { api_key: 'canary-account-0123456789' },
  });
  const proxy = await make('/api/v1/proxies', { url: 'socks5://us:canary@proxy.example:1080', label: NAMED.proxy });
  const key = await make('/v1/api-keys', { label: NAMED.key });
  const backup = (await make('/api/admin/providers/backup', {})).slice(0, 8);
  return { provider, model, template, mapping, account, proxy, key, backup };
}
