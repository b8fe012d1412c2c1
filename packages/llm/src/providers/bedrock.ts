import { defineProvider } from './define-provider.ts';

const CONVERSE = {
  format: 'bedrock-converse',
  path: '/model/{model}/converse',
  streamPath: '/model/{model}/converse-stream',
  encodesSlash: true,
} as const;

/** Claude by its id or by the profiles of regions. What is named by address may be any model, and is asked by Converse. */
const CLAUDE = ['', 'us.', 'us-gov.', 'eu.', 'apac.', 'jp.', 'au.', 'ca.', 'global.'].map(
  (region) => `${region}anthropic.claude-`,
);

/**
 * Amazon Bedrock's runtime, through Converse, which Amazon recommends; callers of Anthropic's dialect have Claude in
 * Anthropic's own words. It takes Bedrock's own API keys as bearer tokens, or signatures with the keys of an account.
 * Models are named by id, by inference profile (`us.anthropic.…`) or by address.
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
    CONVERSE,
    { ...CONVERSE, models: CLAUDE },
    {
      format: 'anthropic-messages',
      models: CLAUDE,
      path: '/model/{model}/invoke',
      streamPath: '/model/{model}/invoke-with-response-stream',
      encodesSlash: true,
      dialect: {
        versionInBody: 'bedrock-2023-05-31',
        framing: 'aws-event-stream',
        // https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages-request-response.html
        betasInBody: [
          'computer-use-2024-10-22',
          'computer-use-2025-01-24',
          'computer-use-2025-11-24',
          'token-efficient-tools-2025-02-19',
          'interleaved-thinking-2025-05-14',
          'output-128k-2025-02-19',
          'dev-full-thinking-2025-05-14',
          'context-1m-2025-08-07',
          'context-management-2025-06-27',
          'effort-2025-11-24',
          'tool-search-tool-2025-10-19',
          'tool-examples-2025-10-29',
          'compact-2026-01-12',
        ],
      },
    },
  ],
  envPrefix: 'BEDROCK',
  modelPrefixes: ['anthropic.', 'us.', 'eu.', 'apac.', 'global.', 'amazon.', 'meta.', 'cohere.', 'ai21.'],
});
