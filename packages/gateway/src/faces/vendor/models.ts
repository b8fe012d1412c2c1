import type { Failure } from '@patchbay/llm/model/failure';

/** A model a caller may address. */
export interface ListedModel {
  /** `provider/model`, as a request names it. */
  readonly id: string;
  readonly providerId: string;
  /** Milliseconds since 1970; 0 when the provider does not say. */
  readonly createdAtMs: number;
}

/** Knows which models there are. */
export interface ModelLister {
  list(): Promise<readonly ListedModel[]>;
  /** The failure for a model that is not listed, with near matches. */
  unknown(id: string): Failure;
}

/** One model in OpenAI's shape. */
const openAiModel = (model: ListedModel): object => ({
  id: model.id,
  object: 'model',
  created: Math.floor(model.createdAtMs / 1000),
  owned_by: model.providerId,
});

/** The list in OpenAI's shape, with `providers` as an extra member. */
function openAiModels(models: readonly ListedModel[]): object {
  const byProvider = Map.groupBy(models, ({ providerId }) => providerId);
  const providers = [...byProvider].map(([id, own]) => ({ id, name: id, models: own.map((model) => model.id) }));
  return { object: 'list', data: models.map(openAiModel), providers };
}

/** One model in Anthropic's shape. */
const anthropicModel = (model: ListedModel): object => ({
  type: 'model',
  id: model.id,
  display_name: model.id,
  created_at: new Date(model.createdAtMs).toISOString(),
});

/** The list in Anthropic's shape: one page that holds all. */
const anthropicModels = (models: readonly ListedModel[]): object => ({
  data: models.map(anthropicModel),
  has_more: false,
  first_id: models[0]?.id ?? null,
  last_id: models.at(-1)?.id ?? null,
});

/** One model in Gemini's shape. */
const geminiModel = (model: ListedModel): object => ({
  name: `models/${model.id}`,
  displayName: model.id,
  supportedGenerationMethods: ['generateContent', 'streamGenerateContent', 'countTokens'],
});

/** How each kind of client wants one model and all of them. */
export const MODEL_SHAPES = {
  'openai-chat': { one: openAiModel, list: openAiModels },
  'anthropic-messages': { one: anthropicModel, list: anthropicModels },
  /** One page that holds all. */
  gemini: { one: geminiModel, list: (models: readonly ListedModel[]): object => ({ models: models.map(geminiModel) }) },
} as const;
