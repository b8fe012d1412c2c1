import type { OperationFailure } from '@patchbay/contract';

import type { Repositories } from '../../storage/ports.ts';
import { freeIdentifier } from './identifier.ts';

/** Says that an identifier is taken, and names one that is free. */
export async function providerExists(
  rows: Pick<Repositories, 'providers'>,
  identifier: string,
): Promise<OperationFailure> {
  return {
    code: 'PROVIDER_ALREADY_EXISTS',
    message: `There is a provider with the identifier \`${identifier}\` already. Choose another, or update that one.`,
    field: 'identifier',
    suggestions: [await suggestFree(rows, identifier)],
  };
}

/** The first identifier like this one that nobody has. */
export async function suggestFree({ providers }: Pick<Repositories, 'providers'>, identifier: string): Promise<string> {
  const begin = identifier.slice(0, 40);
  const { items } = await providers.page({ search: begin, limit: 1000 });
  const taken = new Set(items.map((each) => each.identifier));
  return freeIdentifier(identifier, (candidate) => taken.has(candidate));
}
