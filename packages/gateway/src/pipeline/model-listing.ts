import type { Catalog } from '@patchbay/llm/catalog/catalog';
import type { ModelRecord } from '@patchbay/llm/catalog/model-record';
import type { Price } from '@patchbay/llm/catalog/price';
import type { Clock } from '@patchbay/llm/model/clock';
import type { Failure } from '@patchbay/llm/model/failure';
import type { OfferedModel } from '@patchbay/llm/providers/read-model-list';

import type { HeldCatalog } from './held-catalog.ts';
import { unknownModel, type DirectoryParts } from './model-directory.ts';
import type { Offer } from './model-lists.ts';

/** What is known of a model that a caller may address. Absent members are unknown. */
export interface ListedModel extends Pick<ModelRecord, 'status' | 'input' | 'output' | 'capabilities' | 'thinking'> {
  /** `provider/model`, or an alias, as a request names it. */
  readonly id: string;
  /** Name for people. */
  readonly name: string;
  readonly providerId: string;
  readonly providerName: string;
  /** Milliseconds since 1970; 0 when nobody says. */
  readonly createdAtMs: number;
  /** Prompt and answer together, in tokens. */
  readonly contextTokens?: number;
  /** Longest prompt, in tokens, where that is less than the context. */
  readonly maxInputTokens?: number;
  readonly maxOutputTokens?: number;
  readonly price: Price;
}

/** Knows which models there are. */
export interface ModelLister {
  list(): Promise<readonly ListedModel[]>;
  /** The failure for a model that is not listed, with near matches. */
  unknown(id: string): Failure;
}

/** What a listing is made of. */
export interface ListingParts extends DirectoryParts {
  readonly catalog: HeldCatalog;
  readonly clock: Clock;
}

/**
 * Lists aliases, and the models of every provider with an account here. What a provider says it has is what there is;
 * the catalogue describes it, and stands in where a provider says nothing.
 */
export const createModelLister = (parts: ListingParts): ModelLister => ({
  list: async () => {
    const [offers, catalog] = await Promise.all([parts.lists.all(), parts.catalog.whenRead]);
    const nowMs = parts.clock.nowMs();
    const { runtimes } = parts.callables();
    const models = [...offers].flatMap(([providerId, offer]) => {
      const providerName = runtimes.get(providerId)?.record.name ?? providerId;
      return listedBy(providerId, offer, catalog).map((model) =>
        described({ model, providerId, providerName, catalog, nowMs }),
      );
    });
    return [...[...parts.aliases.keys()].map(aliasModel), ...models];
  },
  unknown: (id) => unknownModel({ ...parts, runtimes: parts.callables().runtimes }, id),
});

const listedBy = (providerId: string, offer: Offer, catalog: Catalog): readonly OfferedModel[] =>
  offer ?? catalog.modelsOf(providerId).map(({ id }) => ({ id }));

/** One model and who lists it. */
interface Described {
  readonly model: OfferedModel;
  readonly providerId: string;
  readonly providerName: string;
  readonly catalog: Catalog;
  readonly nowMs: number;
}

/** A provider's own words on limits count before the catalogue's. */
function described({ model, providerId, providerName, catalog, nowMs }: Described): ListedModel {
  const known = catalog.findModel(providerId, model.id);
  const { name, releasedOn, id: _id, provider: _provider, ...facts } = known?.model ?? NOTHING_KNOWN;
  const { id, createdAtMs = Date.parse(releasedOn ?? '') || 0, name: title = name ?? id, ...said } = model;
  return {
    ...facts,
    ...said,
    id: `${providerId}/${id}`,
    name: title,
    providerId,
    providerName,
    createdAtMs,
    price: catalog.priceOf(providerId, id, nowMs),
  };
}

const NOTHING_KNOWN: Partial<ModelRecord> & Pick<ModelRecord, 'capabilities'> = { capabilities: {} };

/** An alias may lead to several models, so that nothing can be said of it. */
const aliasModel = (id: string): ListedModel => ({
  id,
  name: id,
  providerId: 'patchbay',
  providerName: 'Patchbay',
  createdAtMs: 0,
  capabilities: {},
  price: { state: 'unknown' },
});
