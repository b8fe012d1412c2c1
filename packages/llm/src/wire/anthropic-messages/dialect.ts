/** Declared departures of a provider from Anthropic Messages. Every key is optional; absent means Anthropic's way. */
export interface AnthropicMessagesDialect {
  /** Output bound sent when the caller named none, in tokens; Anthropic requires one. Default 8192. */
  readonly defaultMaxTokens?: number;
  /**
   * The version that hosts other than Anthropic want named in the body, as `anthropic_version`. Their addresses name the
   * model, and their bodies must not. Default: the version is a header, and the body names the model.
   */
  readonly versionInBody?: string;
}
