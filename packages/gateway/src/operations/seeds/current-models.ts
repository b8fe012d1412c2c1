import { CONTEXT_TOKENS_MAX, type ModelCapabilities } from '@patchbay/contract/resources/capabilities';
import type { DefaultModel } from '@patchbay/contract/resources/template';
import type { Catalog } from '@patchbay/llm/catalog/catalog';
import type { ModelRecord } from '@patchbay/llm/catalog/model-record';

import type { SystemDefinition } from './definitions.ts';

/** Models that a template offers at most: what somebody would choose from, not all there ever were. */
const OFFERED = 12;
const ROLES = ['system', 'user', 'assistant'];

/** The models of today: the newest that chat, the default among them, with what the catalogue says of them. */
export function currentModels(
  catalog: Catalog,
  { catalogId, models = [], preferredModel, supportsTools }: SystemDefinition,
): readonly DefaultModel[] {
  const listed = catalog
    .modelsOf(catalogId)
    .filter(isCurrent)
    .toSorted((one, other) => ((one.releasedOn ?? '') < (other.releasedOn ?? '') ? 1 : -1));
  const preferred = listed.filter(({ id }) => id === preferredModel);
  const newest = listed.filter(({ id }) => id !== preferredModel).slice(0, OFFERED - preferred.length);
  const all = [
    ...[...preferred, ...newest].map((model) => fromCatalog(model, supportsTools)),
    ...models.map((model) => ({ ...model, capabilities: claims(model.contextLength, supportsTools) })),
  ];
  return all.map((model, index) => ({ ...model, isDefault: index === 0 }));
}

/** Models that answer in text, are still offered, and of which enough is known. Those that embed know no tools. */
const isCurrent = ({ output, status, contextTokens, capabilities, releasedOn }: ModelRecord): boolean =>
  output?.length === 1 &&
  output[0] === 'text' &&
  status === undefined &&
  contextTokens !== undefined &&
  releasedOn !== undefined &&
  capabilities.tools === true;

function fromCatalog({ id, name, contextTokens = 1, capabilities }: ModelRecord, supportsTools: boolean): DefaultModel {
  const contextLength = Math.min(contextTokens, CONTEXT_TOKENS_MAX);
  return {
    identifier: id,
    name,
    contextLength,
    capabilities: {
      ...claims(contextLength, supportsTools && capabilities.tools === true),
      ...(capabilities.vision !== undefined && { supportsVision: capabilities.vision }),
      ...(capabilities.audio !== undefined && { supportsAudio: capabilities.audio }),
    },
  };
}

const claims = (maxContextLength: number, supportsTools: boolean): ModelCapabilities => ({
  supportsSystemMessages: true,
  maxContextLength,
  supportedRoles: ROLES,
  supportsStreaming: true,
  supportsTools,
  supportsFunctionCalling: supportsTools,
});
