/** Declared departures of a provider from Anthropic Messages. Every key is optional; absent means Anthropic's way. */
export interface AnthropicMessagesDialect {
  /** Output bound sent when the caller named none, in tokens; Anthropic requires one. Default 8192. */
  readonly defaultMaxTokens?: number;
}
