import type { Slices } from './use-api.ts';

interface Paged {
  readonly pagination: { readonly page: number; readonly totalPages: number };
}

/** Where lists begin and go on that come page by page, for `useSlices`. */
export const BY_PAGE = {
  first: 1,
  next: ({ pagination: { totalPages } }: Paged, page: number): number | undefined =>
    page < totalPages ? page + 1 : undefined,
} as const;

/** Filters that are in use: those left empty are not asked for. */
export const inUse = <Filters extends Readonly<Record<string, string>>>(filters: Filters): Partial<Filters> =>
  Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== '')) as Partial<Filters>;

interface Asked {
  readonly data: unknown;
  readonly error: Error | null;
  readonly isFetching: boolean;
  readonly refetch: () => unknown;
}

/** A list that comes whole with one answer, as `DataTable` takes it. */
export const wholeList = <Row>(rows: readonly Row[], { data, error, isFetching, refetch }: Asked): Slices<Row> => ({
  rows,
  isPending: data === undefined && error === null,
  isFetching,
  error,
  hasMore: false,
  loadMore: () => undefined,
  refetch: () => void refetch(),
});
