import type { Mapping } from '@patchbay/contract/resources/mapping';

import { inUse } from '../../lib/slice-shapes.ts';
import { useSlices, type Slices } from '../../lib/use-api.ts';

const PAGE_ROWS = 100;

/** Names that stand for models, the highest priority first. */
export const useMappings = (search: string): Slices<Mapping> =>
  useSlices(
    'mappings.list',
    { search },
    {
      first: 1,
      input: (page) => ({ query: { page, limit: PAGE_ROWS, ...inUse({ search }) } }),
      rows: ({ data }) => data,
      next: ({ total, limit }, page) => (page * limit < total ? page + 1 : undefined),
    },
  );
