/** Declared departures of a provider from Ollama's chat. Every key is optional; absent means Ollama's way. */
export interface OllamaChatDialect {
  /**
   * Context asked for when the caller named none (`options.num_ctx`), in tokens. Default: the server's own, which is
   * often far less than the model has and cuts off the beginning of a long conversation without a word.
   */
  readonly contextTokens?: number;
}
