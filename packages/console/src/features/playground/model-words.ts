import { showCount, showUsd } from '../../lib/format.ts';
import type { ListedModel } from './use-models.ts';

/** Context and price in a few words: `128k tokens · $0.15 in, $0.60 out`, in US dollars for a million tokens. */
export function factsOf({ patchbay: { context_tokens: context, price } }: ListedModel): string {
  const rates = price.usd_per_million_tokens;
  const cost =
    price.state === 'priced' && rates !== undefined
      ? `${showUsd(rates.input).text} in, ${showUsd(rates.output).text} out`
      : PRICES[price.state];
  return [...(context === undefined ? [] : [`${showCount(context).text} tokens`]), cost].join(' · ');
}

const PRICES = { priced: 'priced', free: 'free', unknown: 'price unknown' } as const;

/** What it can do, in words: `tools, vision`. */
export const abilitiesOf = ({ patchbay: { capabilities } }: ListedModel): string =>
  Object.entries(capabilities)
    .filter(([, can]) => can)
    .map(([name]) => name.replaceAll('_', ' '))
    .join(', ');

/** The model to begin with: one of a real provider, else the one that answers with what it is told. */
export const firstOf = (models: readonly ListedModel[]): string | undefined =>
  (models.find(({ owned_by: owner }) => owner !== 'simulator') ?? models.find(({ id }) => id === 'simulator/echo'))
    ?.id ?? models[0]?.id;
