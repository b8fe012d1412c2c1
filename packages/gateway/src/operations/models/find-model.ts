import type { OperationFailure } from '@patchbay/contract';

import type { Repositories } from '../../storage/ports.ts';
import type { ModelRecord, ProviderRecord } from '../../storage/records.ts';
import { isUuid } from '../providers/find-provider.ts';

/** The model with this id. */
export const findModel = async (
  { models }: Pick<Repositories, 'models'>,
  id: string,
): Promise<ModelRecord | undefined> => (isUuid(id) ? models.get(id.toLowerCase()) : undefined);

/** The model with this id, and its provider. */
export async function findModelOfProvider(
  rows: Pick<Repositories, 'models' | 'providers'>,
  id: string,
): Promise<{ readonly model: ModelRecord; readonly provider: ProviderRecord } | undefined> {
  const model = await findModel(rows, id);
  const provider = model && (await rows.providers.get(model.providerId));
  return model && provider && { model, provider };
}

/** Says that there is no such model. */
export const modelNotFound = (id: string): OperationFailure => ({
  code: 'MODEL_NOT_FOUND',
  message: `There is no model with the id \`${id}\`. GET /api/admin/models lists them.`,
});
