import type { ModelFamily } from './model-fields.ts';

/** Declared departures of a provider from Bedrock's Converse. Every key is optional; absent means Amazon's way. */
export interface BedrockConverseDialect {
  /**
   * Whose models answer, where their names do not say it, as those of application inference profiles. It decides how
   * thinking and `topK` are asked for. Default: what the model's name says.
   */
  readonly modelFamily?: ModelFamily;
}
