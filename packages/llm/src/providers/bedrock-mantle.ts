import { defineProvider } from './define-provider.ts';

/**
 * Amazon Bedrock's place for OpenAI's own models in OpenAI's formats, with Bedrock's API keys. Its models of other makers
 * are at the address without `/openai`: set `BEDROCK_MANTLE_BASE_URL` for those.
 */
export const bedrockMantle = defineProvider({
  id: 'bedrock-mantle',
  name: 'Amazon Bedrock Mantle',
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/inference-responses-api.html',
  baseUrl: 'https://bedrock-mantle.{region}.api.aws/openai/v1',
  variables: { region: { env: 'BEDROCK_MANTLE_REGION', default: 'us-east-1' } },
  auth: [{ kind: 'bearer', env: 'BEDROCK_MANTLE_API_KEY' }],
  speaks: [
    { format: 'openai-responses', path: '/responses' },
    { format: 'openai-chat', path: '/chat/completions' },
  ],
  envPrefix: 'BEDROCK_MANTLE',
  models: { listPath: '/models' },
});
