/** Declared departures of a provider from Anthropic Messages. Every key is optional; absent means Anthropic's way. */
export interface AnthropicMessagesDialect {
  /** Output bound sent when the caller named none, in tokens; Anthropic requires one. Default 8192. */
  readonly defaultMaxTokens?: number;
  /**
   * The version that hosts other than Anthropic want named in the body, as `anthropic_version`. Their addresses name the
   * model, and their bodies must not. Default: the version is a header, and the body names the model.
   */
  readonly versionInBody?: string;
  /**
   * How streamed events come where they do not come as server-sent events: in messages of Amazon's, each with one event
   * in base64. The address says whether to stream, and the body must not.
   */
  readonly framing?: 'aws-event-stream';
  /**
   * The betas that a host takes which wants them named in the body, as `anthropic_beta`; it refuses every other. Default:
   * they are a header, and all may be named.
   */
  readonly betasInBody?: readonly string[];
}
