/** Declared departures of a provider from the Gemini API. Every key is optional; absent means Google's own way. */
export interface GeminiDialect {
  /**
   * Whether JSON Schema is understood (`parametersJsonSchema`, `responseJsonSchema`). Default yes; else schemas are sent
   * in Google's older form (`parameters`, `responseSchema`), for which they must have been compiled.
   */
  readonly jsonSchema?: boolean;
  /** Whether calls and their results may carry ids. Default yes. */
  readonly callIds?: boolean;
  /**
   * Beginnings of the names of models from before thinking levels: they are told how much to think in tokens, and ask
   * for no signatures. Default none.
   */
  readonly budgetModels?: readonly string[];
  /**
   * Stands in place of the signature of a call that has none, because another vendor's model made it or the caller's
   * format has no place for one; newer models refuse a call without. Default none: such calls go as they are.
   */
  readonly unsignedCall?: string;
  /**
   * The project of Google Cloud that is named in an envelope around each request, with the model; answers come in one,
   * too. Default: there is none. Callers of this format are then translated, because their bytes have no envelope.
   */
  readonly project?: string;
}

/** True for a model from before thinking levels. */
export const isBudgetModel = (model: string, { budgetModels = [] }: GeminiDialect): boolean =>
  budgetModels.some((beginning) => model.startsWith(beginning));
