import { anthropicMessages } from './anthropic-messages/index.ts';
import { bedrockConverse } from './bedrock-converse/index.ts';
import { gemini } from './gemini/index.ts';
import { ollamaChat } from './ollama-chat/index.ts';
import { openAiChat } from './openai-chat/index.ts';
import { openAiResponses } from './openai-responses/index.ts';

/** Every wire format the product serves, by id. Each is both an `UpstreamCodec` and a `ClientCodec`. */
export const WIRE_FORMATS = {
  'openai-chat': openAiChat,
  'anthropic-messages': anthropicMessages,
  'openai-responses': openAiResponses,
  gemini,
} as const;

/** Name of a format that callers may speak to us. */
export type ServedFormatId = keyof typeof WIRE_FORMATS;

/** Every wire format the product speaks to providers: those it serves and those it only calls. */
export const UPSTREAM_FORMATS = {
  ...WIRE_FORMATS,
  'bedrock-converse': bedrockConverse,
  'ollama-chat': ollamaChat,
} as const;
