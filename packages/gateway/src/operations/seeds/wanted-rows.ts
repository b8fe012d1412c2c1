import type { CreateModel } from '@patchbay/contract/resources/model';
import type { Catalog } from '@patchbay/llm/catalog/catalog';
import type { JsonObject } from '@patchbay/llm/model/json';

import type { ModelRecord, ProviderRecord, TemplateRecord } from '../../storage/records.ts';
import { jsonOf } from '../json-of.ts';
import { pricingOf } from '../models/catalog-facts.ts';
import { currentModels } from './current-models.ts';
import { SYSTEM_DEFINITIONS, type SystemDefinition } from './definitions.ts';

/** Those members of a model that this release says something about. */
export type WantedModel = Pick<ModelRecord, 'name' | 'contextLength' | 'capabilities' | 'pricingInfo' | 'status'>;

/** A built-in provider as this release has it. */
export interface WantedProvider {
  readonly id: string;
  readonly identifier: string;
  readonly row: Pick<
    ProviderRecord,
    'name' | 'description' | 'apiEndpoint' | 'authMethod' | 'authConfig' | 'capabilities'
  >;
  readonly models: Readonly<Record<string, WantedModel>>;
  readonly defaultModel: string;
}

/** What the store shall hold of what is built in. */
export interface WantedRows {
  readonly providers: readonly WantedProvider[];
  readonly templates: readonly Omit<TemplateRecord, 'version' | 'createdAtMs' | 'updatedAtMs'>[];
}

/** Built-in providers and templates, with the models of the catalogue. */
export function wantedRows(catalog: Catalog, atMs: number): WantedRows {
  const built = SYSTEM_DEFINITIONS.map((each) => ({ definition: each, models: currentModels(catalog, each) }));
  return {
    templates: built.flatMap(({ definition, models }) => {
      if (definition.isTemplate === false) return [];
      const { id, name, description, category } = definition;
      const providerConfig = { name, description, ...accessOf(definition), capabilities: canOf(definition, models) };
      const defaultModels = models.map(jsonOf);
      return [
        { id, name, description, category, providerConfig: jsonOf(providerConfig), defaultModels, isSystem: true },
      ];
    }),
    providers: built.flatMap(({ definition, models }) => {
      const { provider, name, description } = definition;
      if (provider === undefined) return [];
      const row = { name, description, ...accessOf(definition), capabilities: canOf(definition, models) };
      const priced = { ...provider, ...accessOf(definition) };
      return [
        {
          id: provider.identifier,
          identifier: provider.identifier,
          row: { ...row, authConfig: jsonOf(row.authConfig), capabilities: jsonOf(row.capabilities) },
          models: Object.fromEntries(
            models.map((model) => [
              model.identifier,
              wantedModel(model, pricingOf(catalog, priced, model.identifier, atMs)),
            ]),
          ),
          defaultModel: models[0]?.identifier ?? '',
        },
      ];
    }),
  };
}

const accessOf = ({ apiEndpoint, authConfig }: SystemDefinition) => ({
  apiEndpoint,
  authMethod: authConfig.type,
  authConfig,
});

const canOf = (
  { authConfig, provider, supportsTools, contextTokens = 1 }: SystemDefinition,
  models: ReturnType<typeof currentModels>,
) => ({
  supportsSystemMessages: true,
  maxContextLength: Math.max(contextTokens, ...models.map(({ contextLength }) => contextLength)),
  supportedRoles: ['system', 'user', 'assistant'],
  supportsStreaming: true,
  supportsTools,
  supportedAuthMethods: [authConfig.type],
  ...(provider?.rateLimits && { rateLimits: provider.rateLimits }),
});

const wantedModel = (
  {
    name,
    contextLength,
    capabilities = {},
  }: { name: string; contextLength: number; capabilities?: object | undefined },
  { pricingInfo }: Pick<CreateModel, 'pricingInfo'>,
): WantedModel => ({
  name,
  contextLength,
  capabilities: jsonOf(capabilities),
  ...(pricingInfo && { pricingInfo: jsonOf(pricingInfo) as JsonObject }),
  status: 'active',
});
