import { defineProvider } from './define-provider.ts';

/**
 * Azure OpenAI, through the first version of its API that needs no `api-version`, or, where a version is set, by paths
 * of deployments. Models are named by the customer's own deployments. It takes keys, or tokens of Entra. Other hosts are
 * named whole by `AZURE_OPENAI_BASE_URL`: with `/openai/v1`, or, with a version, with `/openai`.
 */
export const azure = defineProvider({
  id: 'azure',
  name: 'Azure OpenAI',
  source: 'https://learn.microsoft.com/en-us/azure/ai-foundry/openai/api-version-lifecycle',
  baseUrl: 'https://{resource}.openai.azure.com/openai/v1',
  variables: { resource: { env: 'AZURE_OPENAI_RESOURCE' } },
  variants: [
    {
      env: 'AZURE_OPENAI_API_VERSION',
      record: {
        baseUrl: 'https://{resource}.openai.azure.com/openai',
        variables: { resource: { env: 'AZURE_OPENAI_RESOURCE' }, version: { env: 'AZURE_OPENAI_API_VERSION' } },
        speaks: [
          { format: 'openai-chat', path: '/deployments/{model}/chat/completions?api-version={version}' },
          { format: 'openai-responses', path: '/responses?api-version={version}' },
        ],
        models: { listPath: '/models?api-version={version}' },
        serves: {},
      },
    },
  ],
  auth: [
    { kind: 'header', header: 'api-key', env: 'AZURE_OPENAI_API_KEY' },
    { kind: 'bearer', env: 'AZURE_OPENAI_AD_TOKEN' },
  ],
  speaks: [
    { format: 'openai-chat', path: '/chat/completions' },
    { format: 'openai-responses', path: '/responses' },
  ],
  envPrefix: 'AZURE_OPENAI',
  models: { listPath: '/models' },
  serves: { embeddings: { path: '/embeddings' } },
});
