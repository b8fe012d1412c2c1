import type { Loss } from '@patchbay/llm/wire/codec';

export { lossesHeader } from '@patchbay/llm/wire/losses-header';

/** One line a loss for the call record. */
export const lossLines = (losses: readonly Loss[]): readonly string[] =>
  losses.map(({ path, what, instead }) => `${path}: ${what} (${instead})`);
