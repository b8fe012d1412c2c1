import type { OperationFailure } from '@patchbay/contract';

import type { Repositories } from '../../storage/ports.ts';
import type { ProviderRecord } from '../../storage/records.ts';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** True for what may be asked of a column of UUIDs; one database refuses other texts. */
export const isUuid = (text: string): boolean => UUID.test(text);

/** The provider with this id or identifier. */
export async function findProvider(
  { providers }: Pick<Repositories, 'providers'>,
  idOrIdentifier: string,
): Promise<ProviderRecord | undefined> {
  const byId = await providers.get(idOrIdentifier.toLowerCase());
  if (byId !== undefined) return byId;
  const [byIdentifier] = await providers.all({ identifier: idOrIdentifier });
  return byIdentifier;
}

/** Says that there is no such provider. */
export const providerNotFound = (idOrIdentifier: string): OperationFailure => ({
  code: 'PROVIDER_NOT_FOUND',
  message: `There is no provider with the id or identifier \`${idOrIdentifier}\`. GET /api/admin/providers lists them.`,
});
