import { defineProvider } from './define-provider.ts';

/**
 * Google's Vertex AI, for Gemini models in a project of Google Cloud. It takes tokens of service accounts, or any access
 * token as a key. The region `global` has another host: `VERTEX_BASE_URL` names it, with project and location.
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
  ],
  envPrefix: 'VERTEX',
});
