import type { Model } from '@patchbay/contract/resources/model';
import { useState } from 'react';

import { failureOf, type Failure } from '../../lib/failure.ts';
import { useApi, useChange } from '../../lib/use-api.ts';
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
export interface ModelFormState {
  readonly draft: ModelDraft;
  readonly set: (change: Partial<ModelDraft>) => void;
  readonly failure: Failure | undefined;
  /** What somebody else saved meanwhile. */
  readonly other: Model | undefined;
  readonly takeOther: () => void;
  readonly isPending: boolean;
  readonly submit: () => void;
}

/** Holds what is written of a model and sends it; of two who change it at once the slower is told. */
export function useModelDraft(
  changed: Model | undefined,
  providerId: string,
  onDone: (done: Model) => void,
): ModelFormState {
  const [base, setBase] = useState(changed);
  const [draft, setDraft] = useState(draftOf(changed, providerId));
  const [other, setOther] = useState<Model>();
  const api = useApi();
  const create = useChange('models.create', STALE);
  const update = useChange('models.update', STALE);
  const doing = base === undefined ? create : update;
  const submit = (): void => {
    const body = bodyOf(base, draft);
    if (base === undefined)
      return create.mutate(
        { params: { providerId: draft.providerId }, body: { ...body, identifier: draft.identifier } },
        { onSuccess: onDone },
      );
    const onError = async (error: Error): Promise<void> => {
      if (failureOf(error).kind === 'conflict')
        setOther(await api.call('models.get', { params: { id: base.id } }).catch(() => undefined));
    };
    const input = { params: { id: base.id }, body: { ...body, version: base.version } };
    update.mutate(input, { onSuccess: onDone, onError: (error) => void onError(error) });
  };
  return {
    draft,
    set: (change) => setDraft((before) => ({ ...before, ...change })),
    failure: doing.error === null ? undefined : failureOf(doing.error),
    other,
    takeOther: () => {
      setBase(other);
      setDraft(draftOf(other, providerId));
      setOther(undefined);
      update.reset();
    },
    isPending: doing.isPending,
    submit,
  };
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
