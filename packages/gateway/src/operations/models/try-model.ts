import type { ModelRecord as CatalogModel } from '@patchbay/llm/catalog/model-record';
import type { OfferedModel } from '@patchbay/llm/providers/read-model-list';

import type { ModelRecord } from '../../storage/records.ts';
import { done, refused, type Handler } from '../handler.ts';
import type { ManagementParts } from '../ports.ts';
import { usageOfDay } from '../providers/report.ts';
import { factsOf } from './catalog-facts.ts';
import { findModelOfProvider, modelNotFound } from './find-model.ts';

/** Makes one tiny call of a model. That it fails is a result. */
export const tryModel =
  ({ rows, prober }: ManagementParts): Handler<'models.test'> =>
  async ({ params: { id } }, { signal }) => {
    const found = await findModelOfProvider(rows, id);
    if (found === undefined) return refused(modelNotFound(id));
    return done(await prober.testModel(found.provider, found.model, signal));
  };

/** Compares what a model claims with what the catalogue knows of it and what its provider lists. */
export const validateCapabilities =
  ({ rows, prober, catalog }: ManagementParts): Handler<'models.validateCapabilities'> =>
  async ({ params: { id } }, { signal }) => {
    const found = await findModelOfProvider(rows, id);
    if (found === undefined) return refused(modelNotFound(id));
    const { provider, model } = found;
    const listed = await prober.listModels(provider, signal);
    const same = listed.ok ? listed.value.find(({ id }) => id === model.identifier) : undefined;
    const actual = actualOf(factsOf(await catalog(), provider, model.identifier), same);
    const claimed = { ...model.capabilities, maxContextLength: model.contextLength };
    const differences = [
      ...(listed.ok && listed.value.length > 0 && same === undefined
        ? [`Provider \`${provider.identifier}\` does not list a model \`${model.identifier}\`.`]
        : []),
      ...differencesOf(model, actual),
    ];
    return done({ valid: differences.length === 0, claimed, actual, differences });
  };

type Actual = Readonly<Record<string, boolean | number>>;

/** What is known; what nobody says is absent. */
function actualOf(facts: CatalogModel | undefined, listed: OfferedModel | undefined): Actual {
  const context = listed?.contextTokens ?? facts?.contextTokens;
  const { tools, vision, audio } = facts?.capabilities ?? {};
  return {
    ...(context !== undefined && { maxContextLength: context }),
    ...(tools !== undefined && { supportsTools: tools, supportsFunctionCalling: tools }),
    ...(vision !== undefined && { supportsVision: vision }),
    ...(audio !== undefined && { supportsAudio: audio }),
    ...(facts?.output && { supportsImageGeneration: facts.output.includes('image') }),
  };
}

function differencesOf({ contextLength, capabilities }: ModelRecord, actual: Actual): readonly string[] {
  return Object.entries(actual).flatMap(([name, found]) => {
    if (name === 'maxContextLength') {
      return contextLength > Number(found)
        ? [`contextLength is ${contextLength}, but the model takes ${String(found)} tokens.`]
        : [];
    }
    const claim = capabilities[name];
    return claim === undefined || claim === found
      ? []
      : [`${name} is ${JSON.stringify(claim)}, but the model ${found === true ? 'can' : 'cannot'} do that.`];
  });
}

/** What a model has done in the last 24 hours. */
export const modelStats =
  (parts: ManagementParts): Handler<'models.stats'> =>
  async ({ params: { id } }) => {
    const found = await findModelOfProvider(parts.rows, id);
    if (found === undefined) return refused(modelNotFound(id));
    const { provider, model } = found;
    const sums = await usageOfDay(parts, { provider: provider.identifier, model: model.identifier });
    return done({ ...sums, modelId: model.id });
  };
