import { anthropicClient } from './clients/anthropic-messages.ts';
import type { ClientSide } from './clients/client.ts';
import { geminiClient } from './clients/gemini.ts';
import { openAiChatClient } from './clients/openai-chat.ts';
import { openAiResponsesClient } from './clients/openai-responses.ts';
import { anthropicUpstream } from './upstreams/anthropic-messages.ts';
import { bedrockUpstream } from './upstreams/bedrock-converse.ts';
import { geminiUpstream } from './upstreams/gemini.ts';
import { ollamaUpstream } from './upstreams/ollama-chat.ts';
import { openAiChatUpstream } from './upstreams/openai-chat.ts';
import { openAiResponsesUpstream } from './upstreams/openai-responses.ts';
import type { UpstreamSide } from './upstreams/upstream.ts';

/** Every dialect that callers speak, through its official client. */
export const CLIENTS: readonly ClientSide[] = [openAiChatClient, openAiResponsesClient, anthropicClient, geminiClient];

/** Every dialect that providers speak. */
export const UPSTREAMS: readonly UpstreamSide[] = [
  openAiChatUpstream,
  openAiResponsesUpstream,
  anthropicUpstream,
  geminiUpstream,
  bedrockUpstream,
  ollamaUpstream,
];
