import type { CallOperation } from '../model/observer.ts';

/**
 * Names of the OpenTelemetry conventions for generative models. They are not stable yet, so they stand here alone.
 * https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/
 */
export const GEN_AI = {
  operation: 'gen_ai.operation.name',
  provider: 'gen_ai.provider.name',
  requestModel: 'gen_ai.request.model',
  responseModel: 'gen_ai.response.model',
  inputTokens: 'gen_ai.usage.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  cacheReadTokens: 'gen_ai.usage.cache_read.input_tokens',
  cacheWriteTokens: 'gen_ai.usage.cache_creation.input_tokens',
  finishReasons: 'gen_ai.response.finish_reasons',
  responseId: 'gen_ai.response.id',
  errorType: 'error.type',
  status: 'http.response.status_code',
} as const;

/** What the conventions have no name for. */
export const PATCHBAY = {
  callId: 'patchbay.call.id',
  account: 'patchbay.account.id',
  attempt: 'patchbay.attempt',
  retries: 'patchbay.retries',
  costNanoUsd: 'patchbay.cost.nano_usd',
  firstOutputMs: 'patchbay.first_output_ms',
  latencyMs: 'patchbay.latency_ms',
  outcome: 'patchbay.outcome',
} as const;

/** Operations in the words of the conventions, and in ours where they have none. */
export const GEN_AI_OPERATIONS: Readonly<Record<CallOperation, string>> = {
  generate: 'chat',
  stream: 'chat',
  embed: 'embeddings',
  image: 'generate_content',
  'count-tokens': 'count_tokens',
  'list-models': 'list_models',
};

/** Providers whose name in the conventions is not ours. */
const PROVIDER_NAMES: Readonly<Record<string, string>> = {
  azure: 'azure.ai.openai',
  bedrock: 'aws.bedrock',
  gemini: 'gcp.gemini',
  mistral: 'mistral_ai',
  vertex: 'gcp.vertex_ai',
  xai: 'x_ai',
  moonshot: 'moonshot_ai',
};

/** The provider as the conventions write it. */
export const genAiProvider = (providerId: string): string =>
  Object.hasOwn(PROVIDER_NAMES, providerId) ? (PROVIDER_NAMES[providerId] ?? providerId) : providerId;
