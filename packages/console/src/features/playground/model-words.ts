import { showCount, showUsd } from '../../lib/format.ts';
import type { Attachment } from './attachments/attachment.ts';
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

/** What the catalogue says of a thing that a model is to read; `undefined` where it says nothing. */
function can(model: ListedModel, kind: 'image' | 'pdf'): boolean | undefined {
  const { input, capabilities } = model.patchbay;
  return input?.includes(kind) ?? capabilities[kind === 'image' ? 'vision' : 'pdf'];
}

const READS = [
  { kind: 'image', modality: 'image', what: 'images' },
  { kind: 'document', modality: 'pdf', what: 'PDF' },
] as const;

/** What some of the models cannot be sent, in sentences that name it; text is read by all of them. */
export const cannotRead = (models: readonly ListedModel[], attachments: readonly Attachment[]): readonly string[] =>
  READS.filter(({ kind }) => attachments.some((each) => each.kind === kind)).flatMap(({ modality, what }) =>
    models.filter((model) => can(model, modality) === false).map(({ id }) => `${id} takes no ${what}.`),
  );

/** Models of which nobody says whether they read what is attached, in a sentence; `undefined` where there is none. */
export function mayNotRead(models: readonly ListedModel[], attachments: readonly Attachment[]): string | undefined {
  const unknown = READS.filter(({ kind }) => attachments.some((each) => each.kind === kind)).flatMap(
    ({ modality, what }) =>
      models.filter((model) => can(model, modality) === undefined).map(({ id }) => `whether ${id} takes ${what}`),
  );
  return unknown.length === 0 ? undefined : `The catalogue does not say ${unknown.join(' and ')}.`;
}

/** Models that call no tools, in a sentence; `undefined` where all may. */
export function callNoTools(models: readonly ListedModel[]): string | undefined {
  const names = models.filter(({ patchbay: { capabilities } }) => capabilities['tools'] === false).map(({ id }) => id);
  return names.length === 0 ? undefined : `By the catalogue, ${names.join(' and ')} calls no tools.`;
}

/** The efforts that all of the models take, where the catalogue knows them. */
export const effortsOf = (models: readonly ListedModel[]): readonly string[] | undefined =>
  models.reduce<readonly string[] | undefined>((common, { patchbay: { efforts } }) => {
    if (efforts === undefined) return common;
    return common === undefined ? efforts : common.filter((each) => efforts.includes(each));
  }, undefined);

/** One that is not there yet, else the first once more: two answers of one model compare as well. */
export const otherOf = (models: readonly ListedModel[], chosen: readonly string[]): string =>
  models.find(({ id }) => !chosen.includes(id))?.id ?? chosen[0] ?? '';

/** What is known of the chosen ones; a link may name some that are not listed. */
export const knownOf = (models: readonly ListedModel[], chosen: readonly string[]): readonly ListedModel[] =>
  chosen.flatMap((id) => models.find((each) => each.id === id) ?? []);
