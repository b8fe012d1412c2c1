import type { Model } from '@patchbay/contract/resources/model';

import { useApi, useChange } from '../../lib/use-api.ts';
import { useDraft, type DraftForm } from '../../lib/use-draft.ts';
import { ABILITIES, MILLION_PER_THOUSAND, STALE, type Ability } from './words.ts';

/** What is written in the form; numbers as they are written. */
export interface ModelDraft {
  readonly providerId: string;
  readonly identifier: string;
  readonly name: string;
  readonly contextLength: string;
  /** US dollars a million tokens. */
  readonly inputPrice: string;
  readonly outputPrice: string;
  readonly abilities: ReadonlySet<Ability>;
}

/** A form and what became of it. */
export type ModelFormState = DraftForm<ModelDraft, Model>;

/** The form of a model; a new one begins at a provider. */
export function useModelDraft(
  changed: Model | undefined,
  providerId: string,
  onDone: (done: Model) => void,
): ModelFormState {
  const api = useApi();
  const create = useChange('models.create', STALE);
  const update = useChange('models.update', STALE);
  return useDraft({
    changed,
    draftOf: (model) => draftOf(model, providerId),
    create: (draft) => {
      const body = { ...bodyOf(undefined, draft), identifier: draft.identifier };
      return create.mutateAsync({ params: { providerId: draft.providerId }, body });
    },
    update: (base, draft) =>
      update.mutateAsync({ params: { id: base.id }, body: { ...bodyOf(base, draft), version: base.version } }),
    read: ({ id }) => api.call('models.get', { params: { id } }),
    onDone,
  });
}

const draftOf = (model: Model | undefined, providerId: string): ModelDraft => ({
  providerId: model?.providerId ?? providerId,
  identifier: model?.identifier ?? '',
  name: model?.name ?? '',
  contextLength: String(model?.contextLength ?? 128_000),
  inputPrice: perMillion(model?.pricingInfo?.inputTokenPrice),
  outputPrice: perMillion(model?.pricingInfo?.outputTokenPrice),
  abilities: new Set(
    ABILITIES.map(([ability]) => ability).filter((ability) =>
      model === undefined
        ? ability === 'supportsStreaming' || ability === 'supportsSystemMessages'
        : model.capabilities[ability] === true,
    ),
  ),
});

/** Digits that a price keeps: binary fractions would show more of them than anybody wrote. */
const PRICE_DIGITS = 12;
const rounded = (value: number): number => Number(value.toPrecision(PRICE_DIGITS));

const perMillion = (price: number | undefined): string =>
  price === undefined ? '' : String(rounded(price * MILLION_PER_THOUSAND));

/** What is no number is sent as it is: the API says best what is wrong with it. */
const numberOf = (text: string): number =>
  text.trim() === '' || Number.isNaN(Number(text)) ? (text as never) : Number(text);

const priceOf = (text: string): number => {
  const price = numberOf(text);
  return typeof price === 'number' ? rounded(price / MILLION_PER_THOUSAND) : price;
};

function bodyOf(base: Model | undefined, draft: ModelDraft) {
  const contextLength = numberOf(draft.contextLength);
  const isPriced = draft.inputPrice.trim() !== '' || draft.outputPrice.trim() !== '';
  const flags = Object.fromEntries(ABILITIES.map(([ability]) => [ability, draft.abilities.has(ability)]));
  return {
    name: draft.name,
    contextLength,
    capabilities: {
      ...(base?.capabilities ?? { supportedRoles: ['system', 'user', 'assistant'] }),
      ...(flags as Record<Ability, boolean>),
      maxContextLength: contextLength,
    },
    ...(isPriced && {
      pricingInfo: {
        ...base?.pricingInfo,
        inputTokenPrice: priceOf(draft.inputPrice),
        outputTokenPrice: priceOf(draft.outputPrice),
      },
    }),
  };
}
