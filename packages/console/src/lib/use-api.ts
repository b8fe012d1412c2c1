import type { Input, ManagementClient } from '@patchbay/contract/client';
import type { OperationId } from '@patchbay/contract/operations';
import {
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import { createContext, useContext, useMemo } from 'react';

import type { Answer } from './api.ts';

/** The client of the page; set by the frame. */
export const ApiContext = createContext<ManagementClient | undefined>(undefined);

/** The typed client, for what the hooks below do not cover. */
export function useApi(): ManagementClient {
  const api = useContext(ApiContext);
  if (api === undefined) throw new TypeError('The page stands outside the frame.');
  return api;
}

/** How an answer is kept. */
export interface AskOptions {
  /** Asks again this often while the page is seen, in milliseconds. Default: never. */
  readonly everyMs?: number;
  /** False: not asked yet, such as while a name is missing. */
  readonly enabled?: boolean;
}

/** Key of an answer: the operation's id first, so that a change can name what it makes stale. */
export const keyOf = (id: OperationId, input?: unknown): readonly unknown[] =>
  input === undefined ? [id] : [id, input];

/**
 * What an operation answers, kept and asked again when somebody comes back to the page. The answer before stays while
 * the next is on its way: filters never blank a page.
 */
export function useOperation<Id extends OperationId>(
  id: Id,
  input?: Omit<Input<Id>, 'signal'>,
  { everyMs, enabled = true }: AskOptions = {},
): UseQueryResult<Answer<Id>> {
  const api = useApi();
  // The library reasons about what an answer may be, which it cannot while the operation is open: it is told nothing.
  return useQuery<unknown>({
    queryKey: keyOf(id, input),
    queryFn: ({ signal }) => api.call(id, { ...input, signal } as unknown as Input<Id>),
    enabled,
    placeholderData: (before: unknown) => before,
    ...(everyMs !== undefined && { refetchInterval: everyMs }),
  }) as UseQueryResult<Answer<Id>>;
}

/** A list that grows while one scrolls. */
export interface Slices<Row> {
  readonly rows: readonly Row[];
  /** True until the first rows are there. */
  readonly isPending: boolean;
  readonly isFetching: boolean;
  readonly error: Error | null;
  readonly hasMore: boolean;
  readonly loadMore: () => void;
  readonly refetch: () => void;
}

/** How one answer becomes rows, and where the next ones begin. */
export interface SliceShape<Id extends OperationId, Row, Cursor> {
  readonly first: Cursor;
  readonly input: (cursor: Cursor) => Omit<Input<Id>, 'signal'>;
  readonly rows: (answer: Answer<Id>) => readonly Row[];
  /** Where the rows after this answer begin; `undefined` at the end. */
  readonly next: (answer: Answer<Id>, cursor: Cursor) => Cursor | undefined;
  /** Asks again this often while the list is seen and short, in milliseconds. Default: never. */
  readonly everyMs?: number;
}

/** A list by keyset or by page. `key` names all that the input depends on besides the cursor. */
export function useSlices<Id extends OperationId, Row, Cursor>(
  id: Id,
  key: unknown,
  shape: SliceShape<Id, Row, Cursor>,
): Slices<Row> {
  const api = useApi();
  const query = useInfiniteQuery({
    queryKey: keyOf(id, { slices: key }),
    initialPageParam: shape.first,
    queryFn: ({ pageParam, signal }) =>
      api.call(id, { ...shape.input(pageParam as Cursor), signal } as unknown as Input<Id>),
    // One slice is soon asked again; a hundred of them are not for a glance at another window.
    refetchOnWindowFocus: ({ state }) => slicesIn(state.data) < 2,
    refetchInterval: ({ state }) => (slicesIn(state.data) < 2 ? (shape.everyMs ?? false) : false),
    getNextPageParam: (last, _, cursor) => shape.next(last as Answer<Id>, cursor as Cursor),
    placeholderData: (before) => before,
  });
  const { data, hasNextPage, isFetching, fetchNextPage } = query;
  // Anew only with new data: a hundred thousand rows are not gathered at each key that is pressed.
  const rows = useMemo(() => data?.pages.flatMap((page) => shape.rows(page as Answer<Id>)) ?? [], [data]);
  return {
    rows,
    isPending: query.isPending,
    isFetching,
    error: query.error,
    hasMore: hasNextPage,
    loadMore: () => {
      if (hasNextPage && !isFetching) void fetchNextPage();
    },
    refetch: () => void query.refetch(),
  };
}

const slicesIn = (data: unknown): number => (data as { readonly pages: unknown[] } | undefined)?.pages.length ?? 0;

/** Does an operation that changes something; answers of the operations in `stale` are then asked again. */
export function useChange<Id extends OperationId>(
  id: Id,
  stale: readonly OperationId[] = [],
): UseMutationResult<Answer<Id>, Error, Input<Id>> {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: Input<Id>) => api.call(id, input),
    onSettled: () => Promise.all(stale.map((each) => queries.invalidateQueries({ queryKey: keyOf(each) }))),
  });
}
