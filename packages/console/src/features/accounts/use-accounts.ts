import type { Account } from '@patchbay/contract/resources/account';

import type { Address } from '../../lib/use-address.ts';
import { useOperation, useSlices, type Slices } from '../../lib/use-api.ts';
import { HEALTH_WORDS } from './words.ts';

const PAGE_ROWS = 100;
/** How accounts fare is seen within this; a change is told. */
const REFRESH_MS = 10_000;

/** The accounts that the address asks for, and the one that is open: of the list, or asked for by itself. */
export function useAccounts({ search = '', state = '', provider = '', account }: Address): {
  readonly slices: Slices<Account>;
  readonly open: Account | undefined;
} {
  const health = Object.keys(HEALTH_WORDS).find((each) => each === state) as Account['health_status'] | undefined;
  const filters = {
    ...(search !== '' && { search }),
    ...(provider !== '' && { provider_id: provider }),
    ...(health !== undefined && { health_status: health, is_active: true }),
    ...(state === 'off' && { is_active: false }),
  };
  const slices = useSlices('accounts.list', filters, {
    first: 0,
    input: (offset) => ({ query: { offset, limit: PAGE_ROWS, sort: 'provider_id', ...filters } }),
    rows: ({ data }) => data,
    next: ({ total, offset, data }) => (offset + data.length < total ? offset + data.length : undefined),
    everyMs: REFRESH_MS,
  });
  const listed = slices.rows.find(({ id }) => id === account);
  const isElsewhere = account !== undefined && listed === undefined && !slices.isPending;
  const alone = useOperation('accounts.get', { params: { id: account ?? '' } }, { enabled: isElsewhere });
  const found = alone.data?.id === account && isElsewhere && alone.error === null ? alone.data : undefined;
  return { slices, open: listed ?? found };
}
