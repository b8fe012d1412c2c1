/** Declared departures of a provider from OpenAI Chat Completions. Every key is optional; absent means OpenAI's way. */
export interface OpenAiChatDialect {
  /** Member that carries reasoning text. Both `reasoning_content` and `reasoning` are read anyhow; this one is written. */
  readonly reasoningField?: 'reasoning_content' | 'reasoning';
  /** Where a streamed answer hides usage besides `usage`, as a dotted path. */
  readonly usageAt?: 'x_groq.usage';
  /** Name of the output bound. Default `max_completion_tokens`; older servers know only `max_tokens`. */
  readonly maxTokensField?: 'max_tokens' | 'max_completion_tokens';
  /** Whether `cache_control` on parts is understood. Default no: it is reported as a loss. */
  readonly cacheControl?: boolean;
  /** Whether the `developer` role is understood. Default yes; else it is sent as `system`. */
  readonly developerRole?: boolean;
  /** Whether `stream_options` is understood. Default yes. */
  readonly streamOptions?: boolean;
  /** Whether completion tokens leave out reasoning tokens. Default no: they include them. */
  readonly reasoningOutsideCompletion?: boolean;
  /** Whether signed and encrypted thoughts are taken back as `reasoning_details`. Default no: they are reported as lost. */
  readonly reasoningDetails?: boolean;
  /** Whether answers are held to a schema (`json_schema`). Default yes; else such a schema goes as an instruction. */
  readonly jsonSchema?: boolean;
  /** How many letters and digits an id of a call has, no more and no less; others are rewritten. Default: any id is taken. */
  readonly callIdLength?: number;
}
