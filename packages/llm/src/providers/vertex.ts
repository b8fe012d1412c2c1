import { defineProvider } from './define-provider.ts';

/**
 * Google's Vertex AI, for the models of Google and of Anthropic in a project of Google Cloud. It takes tokens of service
 * accounts, or any access token as a key.
 */
export const vertex = defineProvider({
  id: 'vertex',
  name: 'Google Vertex AI',
  source: 'https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference',
  baseUrl: 'https://{region}-aiplatform.googleapis.com/v1/projects/{project}/locations/{region}',
  variables: {
    region: { env: 'GOOGLE_CLOUD_LOCATION', default: 'us-central1' },
    project: { env: 'GOOGLE_CLOUD_PROJECT' },
  },
  variants: [
    {
      env: 'GOOGLE_CLOUD_LOCATION',
      value: 'global',
      record: { baseUrl: 'https://aiplatform.googleapis.com/v1/projects/{project}/locations/global' },
    },
  ],
  auth: [
    { kind: 'bearer', env: 'VERTEX_API_KEY' },
    {
      kind: 'google-token',
      scope: 'https://www.googleapis.com/auth/cloud-platform',
      env: 'VERTEX_SERVICE_ACCOUNT',
    },
  ],
  speaks: [
    {
      format: 'gemini',
      path: '/publishers/google/models/{model}:generateContent',
      streamPath: '/publishers/google/models/{model}:streamGenerateContent?alt=sse',
      countPath: '/publishers/google/models/{model}:countTokens',
      dialect: {
        callIds: false,
        budgetModels: ['gemini-1.', 'gemini-2.'],
        unsignedCall: 'skip_thought_signature_validator',
      },
    },
    {
      format: 'anthropic-messages',
      models: ['claude-'],
      path: '/publishers/anthropic/models/{model}:rawPredict',
      streamPath: '/publishers/anthropic/models/{model}:streamRawPredict',
      dialect: { versionInBody: 'vertex-2023-10-16' },
    },
  ],
  envPrefix: 'VERTEX',
});
