import { defineProvider } from './define-provider.ts';

/**
 * Amazon Bedrock's runtime, through Converse. It takes Bedrock's own API keys as bearer tokens, or signatures with the
 * keys of an account. Models are named by id, by inference profile (`us.anthropic.…`) or by address.
 */
export const bedrock = defineProvider({
  id: 'bedrock',
  name: 'Amazon Bedrock',
  source: 'https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html',
  baseUrl: 'https://bedrock-runtime.{region}.amazonaws.com',
  variables: { region: { env: 'AWS_REGION', default: 'us-east-1' } },
  auth: [
    { kind: 'bearer', env: 'BEDROCK_API_KEY' },
    {
      kind: 'sigv4',
      service: 'bedrock',
      env: 'AWS_ACCESS_KEY_ID',
      secretEnv: 'AWS_SECRET_ACCESS_KEY',
      sessionEnv: 'AWS_SESSION_TOKEN',
    },
  ],
  speaks: [
    {
      format: 'bedrock-converse',
      path: '/model/{model}/converse',
      streamPath: '/model/{model}/converse-stream',
      encodesSlash: true,
    },
  ],
  envPrefix: 'BEDROCK',
  modelPrefixes: ['anthropic.', 'us.', 'eu.', 'apac.', 'global.', 'amazon.', 'meta.', 'cohere.', 'ai21.'],
});
