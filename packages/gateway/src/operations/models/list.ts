import type { ModelRecord } from '../../storage/records.ts';
import type { PageRequest } from '../../storage/repository.ts';
import { done, refused, type Handler } from '../handler.ts';
import { paginationOf, windowOf } from '../page-of.ts';
import type { ManagementParts } from '../ports.ts';
import { findProvider, isUuid, providerNotFound } from '../providers/find-provider.ts';
import { showModel } from './show-model.ts';

const SORT_BY = { name: 'name', contextLength: 'contextLength', createdAt: 'createdAtMs' } as const;

type Query = Parameters<Handler<'models.list'>>[0]['query'];

/** Models of all providers, a page at a time. */
export const listModels =
  ({ rows }: ManagementParts): Handler<'models.list'> =>
  async ({ query }) => {
    const request = await requestOf(rows, query);
    if (request === undefined) return done({ data: [], pagination: paginationOf(query, 0) });
    const { items, total } = await rows.models.page({ ...request, ...windowOf(query) });
    return done({ data: items.map(showModel), pagination: paginationOf(query, total) });
  };

/** A provider that is gone is found by its id to have no models; one by a name that nobody has is not found. */
const idOf = async (rows: ManagementParts['rows'], named: string): Promise<string | undefined> =>
  isUuid(named) ? named.toLowerCase() : (await findProvider(rows, named))?.id;

/** What to ask the store for; `undefined` when the provider that was named is not there. */
async function requestOf(
  rows: ManagementParts['rows'],
  query: Query,
): Promise<Omit<PageRequest<ModelRecord>, 'limit'> | undefined> {
  const { providerId: named, status, isDefault, minContextLength, maxContextLength, search } = query;
  const providerId = named === undefined ? undefined : await idOf(rows, named);
  if (named !== undefined && providerId === undefined) return undefined;
  return {
    where: {
      ...(providerId !== undefined && { providerId }),
      ...(status && { status }),
      ...(isDefault !== undefined && { isDefault }),
    },
    between: {
      contextLength: {
        ...(minContextLength !== undefined && { least: minContextLength }),
        ...(maxContextLength !== undefined && { most: maxContextLength }),
      },
    },
    holds: { capabilities: (query.capabilities ?? '').split(',').flatMap((each) => each.trim() || []) },
    ...(search !== undefined && { search }),
    sortBy: SORT_BY[query.sortBy],
    sortOrder: query.sortOrder,
  };
}

/** Models of one provider. */
export const modelsOfProvider =
  ({ rows }: ManagementParts): Handler<'models.ofProvider'> =>
  async ({ params: { providerId }, query: { status } }) => {
    const provider = await findProvider(rows, providerId);
    if (provider === undefined) return refused(providerNotFound(providerId));
    return done((await rows.models.all({ providerId: provider.id, ...(status && { status }) })).map(showModel));
  };
