import type { Price, Rates } from '@patchbay/llm/catalog/price';

import type { ListedModel } from '../../pipeline/model-listing.ts';

/** One model in OpenAI's shape, with the members that other lists of this shape have made common. */
const openAiModel = (model: ListedModel): object => ({
  id: model.id,
  object: 'model',
  created: Math.floor(model.createdAtMs / 1000),
  owned_by: model.providerId,
  name: model.name,
  ...(model.contextTokens !== undefined && { context_length: model.contextTokens }),
  patchbay: factsOf(model),
});

/** The list in OpenAI's shape, with `providers` as an extra member. */
function openAiModels(models: readonly ListedModel[]): object {
  const byProvider = Map.groupBy(models, ({ providerId }) => providerId);
  const providers = [...byProvider].map(([id, own]) => ({
    id,
    name: own[0]?.providerName ?? id,
    models: own.map((model) => model.id),
  }));
  return { object: 'list', data: models.map(openAiModel), providers };
}

/** One model in Anthropic's shape. What Anthropic says of abilities has no word for a host, so that it stays unsaid. */
const anthropicModel = (model: ListedModel): object => ({
  type: 'model',
  id: model.id,
  display_name: model.name,
  created_at: new Date(model.createdAtMs).toISOString(),
  max_input_tokens: longestPrompt(model) ?? null,
  max_tokens: model.maxOutputTokens ?? null,
  capabilities: null,
  patchbay: factsOf(model),
});

/** The list in Anthropic's shape: one page that holds all. */
const anthropicModels = (models: readonly ListedModel[]): object => ({
  data: models.map(anthropicModel),
  has_more: false,
  first_id: models[0]?.id ?? null,
  last_id: models.at(-1)?.id ?? null,
});

/** One model in Gemini's shape. */
function geminiModel(model: ListedModel): object {
  const inputTokenLimit = longestPrompt(model);
  const { maxOutputTokens: outputTokenLimit, capabilities } = model;
  return {
    name: `models/${model.id}`,
    displayName: model.name,
    ...(inputTokenLimit !== undefined && { inputTokenLimit }),
    ...(outputTokenLimit !== undefined && { outputTokenLimit }),
    ...(capabilities.reasoning !== undefined && { thinking: capabilities.reasoning }),
    supportedGenerationMethods: ['generateContent', 'streamGenerateContent', 'countTokens'],
    patchbay: factsOf(model),
  };
}

/** How each kind of client wants one model and all of them. */
export const MODEL_SHAPES = {
  'openai-chat': { one: openAiModel, list: openAiModels },
  'anthropic-messages': { one: anthropicModel, list: anthropicModels },
  /** One page that holds all. */
  gemini: { one: geminiModel, list: (models: readonly ListedModel[]): object => ({ models: models.map(geminiModel) }) },
} as const;

const longestPrompt = ({ maxInputTokens, contextTokens }: ListedModel): number | undefined =>
  maxInputTokens ?? contextTokens;

/** What no vendor's shape has a place for, the same in all of them. A member that is absent is unknown. */
function factsOf({ providerId, contextTokens, maxOutputTokens, input, output, ...model }: ListedModel): object {
  const { capabilities } = model;
  return {
    provider: providerId,
    ...(model.status !== undefined && { status: model.status }),
    ...(contextTokens !== undefined && { context_tokens: contextTokens }),
    ...(model.maxInputTokens !== undefined && { max_input_tokens: model.maxInputTokens }),
    ...(maxOutputTokens !== undefined && { max_output_tokens: maxOutputTokens }),
    ...(input !== undefined && { input }),
    ...(output !== undefined && { output }),
    capabilities: Object.fromEntries(Object.entries(capabilities).map(([name, can]) => [snakeCase(name), can])),
    ...(model.thinking?.efforts !== undefined && { efforts: model.thinking.efforts }),
    price: priceOf(model.price),
  };
}

/** A price in its three states: `priced`, `free`, `unknown`. Unknown is never zero. */
function priceOf(price: Price): object {
  if (price.state !== 'priced') return { state: price.state };
  return {
    state: price.state,
    usd_per_million_tokens: ratesOf(price.usdPerMillionTokens),
    ...(price.longPrompts.length > 0 && {
      long_prompts: price.longPrompts.map((each) => ({
        above_input_tokens: each.aboveInputTokens,
        usd_per_million_tokens: ratesOf(each.usdPerMillionTokens),
      })),
    }),
    ...(price.usdPerRequest > 0 && { usd_per_request: price.usdPerRequest }),
  };
}

const ratesOf = (rates: Rates): object =>
  Object.fromEntries(Object.entries(rates).map(([name, rate]) => [snakeCase(name), rate]));

const snakeCase = (name: string): string =>
  name.replaceAll(/[A-Z]|\d+/g, (each) => `_${each.toLowerCase()}`).replace(/(_\d+)_h$/, '$1h');
