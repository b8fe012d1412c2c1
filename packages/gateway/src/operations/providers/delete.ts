import type { OperationFailure } from '@patchbay/contract';

import type { Repositories } from '../../storage/ports.ts';
import type { ProviderRecord } from '../../storage/records.ts';
import { done, refused, type Handler } from '../handler.ts';
import type { ManagementParts } from '../ports.ts';
import { serveNow } from '../serve-now.ts';
import { findProvider, providerNotFound } from './find-provider.ts';
import { auditedProvider } from './show-provider.ts';

/** Removes a provider that has no models and is not built in. */
export const deleteProvider =
  (parts: ManagementParts): Handler<'providers.delete'> =>
  async ({ params: { id } }) => {
    const outcome = await parts.rows.transaction((rows) => remove(rows, id));
    if (!outcome.ok) return refused(outcome.failure);
    await serveNow(parts);
    const { row } = outcome;
    return done(undefined as never, { resource: 'provider', resourceId: row.id, before: auditedProvider(row) });
  };

/** In one transaction, so that no model joins between the count and the removal. */
async function remove(
  rows: Repositories,
  id: string,
): Promise<{ ok: true; row: ProviderRecord } | { ok: false; failure: OperationFailure }> {
  const row = await findProvider(rows, id);
  if (row === undefined) return { ok: false, failure: providerNotFound(id) };
  if (row.isSystem) return { ok: false, failure: builtIn(row) };
  const modelCount = (await rows.models.countByProvider([row.id])).get(row.id) ?? 0;
  if (modelCount > 0) return { ok: false, failure: inUse(row, modelCount) };
  await rows.providers.remove(row.id);
  // Else whoever makes another of this name finds what was chosen for the one before.
  await rows.accountPolicies.remove(row.identifier);
  return { ok: true, row };
}

const builtIn = ({ identifier }: ProviderRecord): OperationFailure => ({
  code: 'SYSTEM_RESOURCE',
  message: `Provider \`${identifier}\` is built in and cannot be deleted. Set its status to inactive instead.`,
});

const inUse = ({ identifier }: ProviderRecord, modelCount: number): OperationFailure => ({
  code: 'PROVIDER_IN_USE',
  message: `Provider \`${identifier}\` has ${modelCount} model${modelCount === 1 ? '' : 's'}. Delete them first.`,
  details: { modelCount },
});
