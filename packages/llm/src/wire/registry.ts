import { anthropicMessages } from './anthropic-messages/index.ts';
import { openAiChat } from './openai-chat/index.ts';

/** Every wire format the product speaks, by id. Each is both an `UpstreamCodec` and a `ClientCodec`. */
export const WIRE_FORMATS = {
  'openai-chat': openAiChat,
  'anthropic-messages': anthropicMessages,
} as const;
