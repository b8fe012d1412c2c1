import type { ModelRecord } from '../../storage/records.ts';
import type { PageRequest } from '../../storage/repository.ts';
import { done, refused, type Handler } from '../handler.ts';
import { paginationOf, windowOf } from '../page-of.ts';
import type { ManagementParts } from '../ports.ts';
import { findProvider, isUuid, providerNotFound } from '../providers/find-provider.ts';
import { showModel } from './show-model.ts';

const SORT_BY = { name: 'name', contextLength: 'contextLength', createdAt: 'createdAtMs' } as const;
const SCANNED_ROWS = 1000;

type Query = Parameters<Handler<'models.list'>>[0]['query'];

/** Models of all providers, a page at a time. */
export const listModels =
  ({ rows }: ManagementParts): Handler<'models.list'> =>
  async ({ query }) => {
    const request = await requestOf(rows, query);
    if (request === undefined) return done({ data: [], pagination: paginationOf(query, 0) });
    const wanted = (query.capabilities ?? '').split(',').flatMap((each) => each.trim() || []);
    const { items, total } =
      wanted.length === 0
        ? await rows.models.page({ ...request, ...windowOf(query) })
        : await pageOfCapable(rows.models, request, wanted, windowOf(query));
    return done({ data: items.map(showModel), pagination: paginationOf(query, total) });
  };

/** What to ask the store for; `undefined` when the provider that was named is not there. */
async function requestOf(
  rows: ManagementParts['rows'],
  query: Query,
): Promise<Omit<PageRequest<ModelRecord>, 'limit'> | undefined> {
  const { providerId: named, status, isDefault, minContextLength, maxContextLength, search } = query;
  const providerId = named === undefined || isUuid(named) ? named : (await findProvider(rows, named))?.id;
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
    ...(search !== undefined && { search }),
    sortBy: SORT_BY[query.sortBy],
    sortOrder: query.sortOrder,
  };
}

/** The store does not look into capabilities, so that they are looked through here, a stretch at a time. */
async function pageOfCapable(
  models: ManagementParts['rows']['models'],
  request: Omit<PageRequest<ModelRecord>, 'limit'>,
  wanted: readonly string[],
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<{ items: readonly ModelRecord[]; total: number }> {
  const items: ModelRecord[] = [];
  let total = 0;
  let after: string | undefined;
  do {
    const page = await models.page({ ...request, limit: SCANNED_ROWS, ...(after !== undefined && { after }) });
    for (const row of page.items) {
      if (!wanted.every((each) => row.capabilities[each] === true)) continue;
      if (total >= offset && items.length < limit) items.push(row);
      total += 1;
    }
    after = page.next;
  } while (after !== undefined);
  return { items, total };
}

/** Models of one provider. */
export const modelsOfProvider =
  ({ rows }: ManagementParts): Handler<'models.ofProvider'> =>
  async ({ params: { providerId }, query: { status } }) => {
    const provider = await findProvider(rows, providerId);
    if (provider === undefined) return refused(providerNotFound(providerId));
    return done((await rows.models.all({ providerId: provider.id, ...(status && { status }) })).map(showModel));
  };
