import type { Model } from '@patchbay/contract/resources/model';
import { useMemo } from 'react';

import type { Choice } from '../../components/ui/combobox.tsx';
import { BY_PAGE, inUse } from '../../lib/slice-shapes.ts';
import { useOperation, useSlices, type Slices } from '../../lib/use-api.ts';
import { useMay } from '../../lib/use-session.ts';

const PAGE_ROWS = 100;
const PROVIDERS_MAX = 100;

/** What narrows the list; empty: everything. */
export interface ModelFilters {
  readonly search: string;
  /** Id of a provider. */
  readonly provider: string;
  readonly status: string;
}

/** The list, a page at a time. */
export const useModels = ({ search, provider, status }: ModelFilters): Slices<Model> =>
  useSlices(
    'models.list',
    { search, provider, status },
    {
      ...BY_PAGE,
      input: (page) => ({
        query: {
          page,
          limit: PAGE_ROWS,
          ...inUse({ search, providerId: provider }),
          ...(status !== '' && { status: status as Model['status'] }),
        },
      }),
      rows: ({ data }) => data,
    },
  );

/** Providers to choose from, and their names; whoever may not see them sees ids. */
export function useProviderChoices(): {
  readonly choices: readonly Choice[];
  readonly nameOf: (id: string) => string;
} {
  const enabled = useMay('providers:read');
  const { data } = useOperation('providers.list', { query: { limit: PROVIDERS_MAX } }, { enabled });
  return useMemo(() => {
    const names = new Map(data?.data.map(({ id, name }) => [id, name]));
    const choices = (data?.data ?? []).map(({ id, name, identifier }) => ({
      value: id,
      label: name,
      hint: identifier,
    }));
    return { choices, nameOf: (id) => names.get(id) ?? id };
  }, [data]);
}
