import { CONTEXT_TOKENS_MAX, type ProviderCapabilities } from '@patchbay/contract/resources/capabilities';
import type { CreateModel } from '@patchbay/contract/resources/model';
import type { Catalog } from '@patchbay/llm/catalog/catalog';
import type { ModelRecord as CatalogModel } from '@patchbay/llm/catalog/model-record';
import type { ProviderRecord as KnownProvider } from '@patchbay/llm/providers/define-provider';
import { PROVIDERS } from '@patchbay/llm/providers/registry';
import type { OfferedModel } from '@patchbay/llm/providers/read-model-list';

import type { ProviderRecord } from '../../storage/records.ts';
import { usualCapabilities } from './capability-problems.ts';

/** Contexts of models of which nothing is known, in tokens. */
const CONTEXT_TOKENS_USUAL = 4096;

type Address = Pick<ProviderRecord, 'apiEndpoint' | 'identifier' | 'authMethod'>;

/** What the catalogue knows of a model at this provider, or at the model's maker. */
export const factsOf = (catalog: Catalog, provider: ProviderRecord, identifier: string): CatalogModel | undefined =>
  catalog.findModel(catalogIdOf(provider), identifier)?.model;

/** Under which id the catalogue lists this provider's models: that of the provider at the same host, else its own. */
export function catalogIdOf({ apiEndpoint, identifier, authMethod }: Address): string {
  if (authMethod === 'aws_iam') return 'bedrock';
  const host = hostOf(apiEndpoint);
  if (host?.endsWith('.openai.azure.com')) return 'azure';
  const known = Object.values<KnownProvider>(PROVIDERS).find(
    ({ baseUrl }) => host !== undefined && hostOf(baseUrl) === host,
  );
  return known?.id ?? identifier;
}

const hostOf = (address: string): string | undefined => /^https?:\/\/([^/?#]+)/i.exec(address)?.[1]?.toLowerCase();

/** A model as its provider lists it, described by the catalogue as far as its provider allows. */
export function describedModel(
  catalog: Catalog,
  provider: ProviderRecord,
  capabilities: ProviderCapabilities | undefined,
  listed: OfferedModel,
): CreateModel {
  const facts = factsOf(catalog, provider, listed.id);
  const context = listed.contextTokens ?? facts?.contextTokens ?? CONTEXT_TOKENS_USUAL;
  const contextLength = Math.min(context, capabilities?.maxContextLength ?? CONTEXT_TOKENS_MAX, CONTEXT_TOKENS_MAX);
  const usual = usualCapabilities(capabilities, contextLength);
  const supportsTools = usual.supportsTools && facts?.capabilities.tools !== false;
  return {
    identifier: listed.id,
    name: listed.name ?? facts?.name ?? listed.id,
    contextLength,
    capabilities: {
      ...usual,
      supportsTools,
      supportsFunctionCalling: supportsTools,
      ...(facts?.capabilities.vision !== undefined && { supportsVision: facts.capabilities.vision }),
      ...(facts?.capabilities.audio !== undefined && { supportsAudio: facts.capabilities.audio }),
      ...(facts?.output?.includes('image') && { supportsImageGeneration: true }),
    },
    status: facts?.status === 'deprecated' ? 'deprecated' : 'active',
    isDefault: false,
  };
}

/** What the catalogue says a model costs, per 1,000 tokens; empty where it is unknown. */
export function pricingOf(
  catalog: Catalog,
  provider: Address,
  identifier: string,
  atMs: number,
): Pick<CreateModel, 'pricingInfo'> {
  const price = catalog.priceOf(catalogIdOf(provider), identifier, atMs);
  if (price.state !== 'priced') return {};
  const { input, output } = price.usdPerMillionTokens;
  return {
    pricingInfo: { inputTokenPrice: perThousand(input), outputTokenPrice: perThousand(output), currency: 'USD' },
  };
}

/** Rates have six decimals at most; dividing them must not add others. */
const perThousand = (usdPerMillion: number): number => Number((usdPerMillion / 1000).toFixed(9));
