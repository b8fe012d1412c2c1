import type { AuthConfig, FieldDescriptor } from '@patchbay/contract/resources/provider';
import { antigravity } from '@patchbay/llm/providers/antigravity';

/** A kind of provider that everybody finds here, as a template, and some of them as a provider too. */
export interface SystemDefinition {
  /** Id of the template. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly category: 'model-maker' | 'cloud';
  readonly apiEndpoint: string;
  readonly authConfig: AuthConfig;
  /** Under which id the catalogue lists its models. */
  readonly catalogId: string;
  /** Models that the catalogue does not list. */
  readonly models?: readonly { readonly identifier: string; readonly name: string; readonly contextLength: number }[];
  /** The model that is the default while the catalogue lists it; else the newest is. */
  readonly preferredModel: string;
  readonly supportsTools: boolean;
  /** Longest context of its models, in tokens, where nothing lists them. */
  readonly contextTokens?: number;
  /** False for a provider of which there is but one: nobody makes another after its pattern. Default true. */
  readonly isTemplate?: false;
  /** Present where it is a provider too: its id, which is its identifier, and what its maker allows a new customer. */
  readonly provider?: {
    readonly identifier: string;
    readonly rateLimits?: { readonly requestsPerMinute: number; readonly tokensPerMinute: number };
  };
}

const field = (description: string, more: FieldDescriptor = {}): FieldDescriptor => ({
  required: true,
  description,
  ...more,
});
const secret = (description: string, more: FieldDescriptor = {}): FieldDescriptor =>
  field(description, { sensitive: true, ...more });
const choice = (description: string, more: FieldDescriptor = {}): FieldDescriptor =>
  field(description, { required: false, ...more });

const REGION = field('AWS region in which the models run', {
  default: 'us-east-1',
  validation: { pattern: '^[a-z0-9-]+$' },
});
const BEARER = { Authorization: 'Bearer {{apiKey}}' };

/** Every one of them. What their models can do today comes from the catalogue. */
export const SYSTEM_DEFINITIONS: readonly SystemDefinition[] = [
  {
    id: 'openai',
    name: 'OpenAI',
    description: 'GPT models from OpenAI',
    category: 'model-maker',
    apiEndpoint: 'https://api.openai.com/v1',
    authConfig: {
      type: 'api_key',
      fields: { apiKey: secret('OpenAI API key'), organizationId: choice('OpenAI organization ID') },
      headers: { ...BEARER, 'OpenAI-Organization': '{{organizationId}}' },
      testEndpoint: '/models',
    },
    catalogId: 'openai',
    preferredModel: 'gpt-5.4-mini',
    supportsTools: true,
    provider: {
      identifier: 'openai',
      rateLimits: { requestsPerMinute: 3500, tokensPerMinute: 90_000 },
    },
  },
  {
    id: 'anthropic',
    name: 'Anthropic Claude',
    description: 'Claude models from Anthropic',
    category: 'model-maker',
    apiEndpoint: 'https://api.anthropic.com/v1',
    authConfig: {
      type: 'api_key',
      fields: { apiKey: secret('Anthropic API key') },
      headers: { 'x-api-key': '{{apiKey}}', 'anthropic-version': '2023-06-01' },
      testEndpoint: '/models',
    },
    catalogId: 'anthropic',
    preferredModel: 'claude-sonnet-5',
    supportsTools: true,
    provider: {
      identifier: 'anthropic',
      rateLimits: { requestsPerMinute: 1000, tokensPerMinute: 40_000 },
    },
  },
  {
    id: 'aws-bedrock',
    name: 'AWS Bedrock',
    description: 'Models of several makers on Amazon Bedrock',
    category: 'cloud',
    apiEndpoint: 'https://bedrock-runtime.{region}.amazonaws.com',
    authConfig: {
      type: 'aws_iam',
      fields: {
        accessKeyId: secret('AWS access key ID'),
        secretAccessKey: secret('AWS secret access key'),
        region: REGION,
        sessionToken: secret('AWS session token, for temporary keys', { required: false }),
      },
    },
    catalogId: 'bedrock',
    preferredModel: 'us.anthropic.claude-sonnet-5',
    supportsTools: true,
    provider: {
      identifier: 'bedrock',
      rateLimits: { requestsPerMinute: 1000, tokensPerMinute: 50_000 },
    },
  },
  {
    id: 'azure-openai',
    name: 'Azure OpenAI',
    description: 'OpenAI models on Microsoft Azure, named by your own deployments',
    category: 'cloud',
    apiEndpoint: 'https://{endpoint}.openai.azure.com/openai/v1',
    authConfig: {
      type: 'api_key',
      fields: {
        apiKey: secret('Azure OpenAI API key'),
        endpoint: field('Name of the Azure OpenAI resource', { validation: { pattern: '^[A-Za-z0-9-]+$' } }),
        apiVersion: choice('API version, for deployments that need one'),
      },
      headers: { 'api-key': '{{apiKey}}' },
    },
    catalogId: 'azure',
    preferredModel: 'gpt-5.4-mini',
    supportsTools: true,
    provider: {
      identifier: 'microsoft-copilot',
      rateLimits: { requestsPerMinute: 3000, tokensPerMinute: 80_000 },
    },
  },
  {
    id: 'google-gemini',
    name: 'Google Gemini',
    description: 'Gemini models from Google',
    category: 'model-maker',
    apiEndpoint: 'https://generativelanguage.googleapis.com/v1beta',
    authConfig: {
      type: 'api_key',
      fields: { apiKey: secret('Google AI API key') },
      headers: { 'x-goog-api-key': '{{apiKey}}' },
      testEndpoint: '/models',
    },
    catalogId: 'gemini',
    preferredModel: 'gemini-3.8-flash',
    supportsTools: true,
  },
  {
    id: 'mistral',
    name: 'Mistral AI',
    description: 'Models from Mistral AI',
    category: 'model-maker',
    apiEndpoint: 'https://api.mistral.ai/v1',
    authConfig: {
      type: 'api_key',
      fields: { apiKey: secret('Mistral API key') },
      headers: BEARER,
      testEndpoint: '/models',
    },
    catalogId: 'mistral',
    preferredModel: 'mistral-medium-latest',
    supportsTools: true,
  },
  {
    id: 'cohere',
    name: 'Cohere',
    description: 'Command models from Cohere',
    category: 'model-maker',
    apiEndpoint: 'https://api.cohere.com',
    authConfig: {
      type: 'api_key',
      fields: { apiKey: secret('Cohere API key') },
      headers: BEARER,
    },
    catalogId: 'cohere',
    preferredModel: 'command-a-03-2025',
    supportsTools: true,
  },
  {
    id: 'ai21',
    name: 'AI21 Labs',
    description: 'Jamba models from AI21 Labs',
    category: 'model-maker',
    apiEndpoint: 'https://api.ai21.com/studio/v1',
    authConfig: {
      type: 'api_key',
      fields: { apiKey: secret('AI21 API key') },
      headers: BEARER,
    },
    catalogId: 'ai21',
    models: [
      { identifier: 'jamba-large', name: 'Jamba Large', contextLength: 256_000 },
      { identifier: 'jamba-mini', name: 'Jamba Mini', contextLength: 256_000 },
    ],
    preferredModel: 'jamba-large',
    supportsTools: false,
  },
  {
    id: 'antigravity',
    name: 'Google Antigravity',
    description: 'Models of Google and Anthropic, for accounts that signed in at Google Antigravity',
    category: 'model-maker',
    apiEndpoint: antigravity.baseUrl,
    // Its accounts present themselves: the row has nothing to fill in.
    authConfig: { type: 'oauth2', fields: {} },
    catalogId: 'antigravity',
    preferredModel: '',
    supportsTools: true,
    contextTokens: 1_048_576,
    isTemplate: false,
    provider: { identifier: 'antigravity' },
  },
];
