/** Declared departures of a provider from OpenAI Responses. Every key is optional; absent means OpenAI's way. */
export interface OpenAiResponsesDialect {
  /** Whether `cache_control` on parts is understood. Default no: it is reported as a loss. */
  readonly cacheControl?: boolean;
  /**
   * Whether readable thoughts without an encrypted copy are taken back. Default no: only thoughts that came in this
   * very format are sent as they came, others without a signature are reported as lost.
   */
  readonly plainReasoning?: boolean;
  /** Whether thoughts are encrypted on request. Default yes: a caller of another format who wants thoughts gets them so. */
  readonly encryptedReasoning?: boolean;
}
