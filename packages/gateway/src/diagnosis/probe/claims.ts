import type { OfferedModel } from '@patchbay/llm/providers/read-model-list';

import type { Subject } from './questions.ts';

/** What a provider claims, beside what its own list says. */
export interface Claims {
  readonly capabilities: Readonly<Record<string, unknown>>;
  /** Where both differ, each in a sentence. */
  readonly differences: readonly string[];
}

/** Compares what rows claim of a provider and its models with what the provider says itself. */
export function claimsAgainst({ claimed, named }: Subject, models: readonly OfferedModel[]): Claims {
  const contexts = models.flatMap(({ contextTokens }) => contextTokens ?? []);
  const longest = contexts.length === 0 ? undefined : Math.max(...contexts);
  const claimedContext = claimed['maxContextLength'];
  const differences = [
    ...(longest !== undefined && typeof claimedContext === 'number' && claimedContext > longest
      ? [`maxContextLength claims ${claimedContext} tokens; the longest that the provider names is ${longest}.`]
      : []),
    ...missing(named, models),
  ];
  return {
    capabilities: { ...claimed, ...(longest === undefined ? {} : { maxContextLength: longest }) },
    differences,
  };
}

/** Models that rows name and the provider does not list. A provider without a list says nothing about them. */
const missing = (named: readonly string[], models: readonly OfferedModel[]): readonly string[] => {
  const listed = new Set(models.map(({ id }) => id));
  if (listed.size === 0) return [];
  return named.filter((each) => !listed.has(each)).map((each) => `The provider no longer lists the model \`${each}\`.`);
};
