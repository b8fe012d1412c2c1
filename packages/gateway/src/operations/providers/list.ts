import { PROVIDER_STATUSES, type ProviderStatus } from '@patchbay/contract/resources/provider';

import type { ProviderRecord } from '../../storage/records.ts';
import { done, refused, type Handler } from '../handler.ts';
import { showModel } from '../models/show-model.ts';
import { paginationOf, windowOf } from '../page-of.ts';
import type { ManagementParts } from '../ports.ts';
import { showProvider } from './show-provider.ts';

const SORT_BY = {
  name: 'name',
  createdAt: 'createdAtMs',
  updatedAt: 'updatedAtMs',
  lastTested: 'lastTestedMs',
} as const;

/** Providers, a page at a time, with secrets masked. */
export const listProviders =
  (parts: ManagementParts): Handler<'providers.list'> =>
  async ({ query }) => {
    const statuses = readStatuses(query.status);
    if (statuses === undefined) return refused(UNKNOWN_STATUS);
    const { items, total } = await parts.rows.providers.page({
      where: {
        ...(statuses.length > 0 && { status: statuses }),
        ...(query.authMethod && { authMethod: query.authMethod }),
        ...(query.isSystem !== undefined && { isSystem: query.isSystem }),
      },
      ...(query.search !== undefined && { search: query.search }),
      sortBy: SORT_BY[query.sortBy],
      sortOrder: query.sortOrder,
      ...windowOf(query),
    });
    const data = await showProviders(parts, items, query.includeModels === true);
    return done({ data, pagination: paginationOf(query, total) });
  };

async function showProviders(
  { rows, secrets }: ManagementParts,
  items: readonly ProviderRecord[],
  withModels: boolean,
) {
  const ids = items.map(({ id }) => id);
  const counts = await rows.models.countByProvider(ids);
  const models = withModels && ids.length > 0 ? await rows.models.all({ providerId: ids }) : [];
  return Promise.all(
    items.map((row) =>
      showProvider(secrets, row, {
        modelCount: counts.get(row.id) ?? 0,
        ...(withModels && { models: models.filter(({ providerId }) => providerId === row.id).map(showModel) }),
      }),
    ),
  );
}

/** The statuses of a comma list; `undefined` when one of them is none. */
function readStatuses(list = ''): readonly ProviderStatus[] | undefined {
  const words = list.split(',').flatMap((each) => each.trim() || []);
  const statuses = PROVIDER_STATUSES.filter((each) => words.includes(each));
  return words.every((word) => statuses.some((each) => each === word)) ? statuses : undefined;
}

const UNKNOWN_STATUS = {
  code: 'INVALID_INPUT',
  message: `status is a comma list of ${PROVIDER_STATUSES.join(', ')}.`,
  field: 'status',
} as const;
