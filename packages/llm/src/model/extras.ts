import type { JsonObject } from './json.ts';

/** Names of the wire formats the product speaks; the last two only to providers. */
export type WireFormatId =
  | 'openai-chat'
  | 'anthropic-messages'
  | 'openai-responses'
  | 'gemini'
  | 'bedrock-converse'
  | 'ollama-chat';

/**
 * Members that the model does not name, kept under the wire format that carried them, by their wire names.
 * Written back when the same format is encoded again; reported as losses when another format is.
 */
export type Extras = { readonly [Format in WireFormatId]?: JsonObject };
