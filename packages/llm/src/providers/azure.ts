import { defineProvider } from './define-provider.ts';

/**
 * Azure OpenAI, through the first version of its API that needs no `api-version`. Models are named by the customer's own
 * deployments. Older resources, and those of other hosts, are named whole by `AZURE_OPENAI_BASE_URL` (with its
 * `/openai/v1`).
 */
export const azure = defineProvider({
  id: 'azure',
  name: 'Azure OpenAI',
  source: 'https://learn.microsoft.com/en-us/azure/ai-foundry/openai/api-version-lifecycle',
  baseUrl: 'https://{resource}.openai.azure.com/openai/v1',
  variables: { resource: { env: 'AZURE_OPENAI_RESOURCE' } },
  auth: [{ kind: 'header', header: 'api-key', env: 'AZURE_OPENAI_API_KEY' }],
  speaks: [
    { format: 'openai-chat', path: '/chat/completions' },
    { format: 'openai-responses', path: '/responses' },
  ],
  envPrefix: 'AZURE_OPENAI',
  models: { listPath: '/models' },
  serves: { embeddings: { path: '/embeddings' } },
});
