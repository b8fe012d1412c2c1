import { anthropic } from './anthropic.ts';
import { antigravity } from './antigravity.ts';
import { azure } from './azure.ts';
import { bedrock } from './bedrock.ts';
import { bedrockMantle } from './bedrock-mantle.ts';
import { cerebras } from './cerebras.ts';
import { cohere } from './cohere.ts';
import { deepseek } from './deepseek.ts';
import { fireworks } from './fireworks.ts';
import { gemini } from './gemini.ts';
import { groq } from './groq.ts';
import { huggingface } from './huggingface.ts';
import { llamacpp } from './llamacpp.ts';
import { lmstudio } from './lmstudio.ts';
import { mistral } from './mistral.ts';
import { moonshot } from './moonshot.ts';
import { ollama } from './ollama.ts';
import { ollamaCloud } from './ollama-cloud.ts';
import { openai } from './openai.ts';
import { openaiCompatible } from './openai-compatible.ts';
import { openrouter } from './openrouter.ts';
import { perplexity } from './perplexity.ts';
import { qwen } from './qwen.ts';
import { simulator } from './simulator/simulator.ts';
import { together } from './together.ts';
import { vertex } from './vertex.ts';
import { vllm } from './vllm.ts';
import { voyage } from './voyage.ts';
import { xai } from './xai.ts';
import { zai } from './zai.ts';
import type { ProviderRecord } from './define-provider.ts';

/** Every provider the product knows, by id. A test keeps the folder and this object in step. */
export const PROVIDERS = {
  openai,
  anthropic,
  gemini,
  vertex,
  bedrock,
  'bedrock-mantle': bedrockMantle,
  azure,
  antigravity,
  openrouter,
  groq,
  mistral,
  deepseek,
  xai,
  together,
  cerebras,
  fireworks,
  perplexity,
  moonshot,
  zai,
  qwen,
  cohere,
  voyage,
  huggingface,
  ollama,
  'ollama-cloud': ollamaCloud,
  lmstudio,
  llamacpp,
  vllm,
  'openai-compatible': openaiCompatible,
  simulator,
} as const;

/** Id of a provider the product knows. */
export type ProviderId = keyof typeof PROVIDERS;

/** The record of `id`, or `undefined` when no such provider is known. */
export const providerById = (id: string): ProviderRecord | undefined =>
  Object.hasOwn(PROVIDERS, id) ? PROVIDERS[id as ProviderId] : undefined;
