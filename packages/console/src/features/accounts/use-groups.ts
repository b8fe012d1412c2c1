import type { Account } from '@patchbay/contract/resources/account';
import { useMemo } from 'react';

import type { Address } from '../../lib/use-address.ts';
import { useOperation, type Slices } from '../../lib/use-api.ts';
import { listedOf, shutIn, turned, type Listed } from './listed.ts';

/** How accounts fare is seen within this; a change is told. */
const REFRESH_MS = 10_000;

/** The list of accounts under the heads of their providers. Which are shut stands in the address. */
export function useGroups(slices: Slices<Account>, { shut: written }: Address, isNarrowed: boolean) {
  const { data: offered } = useOperation('offered.providers');
  const { data: held } = useOperation('accountPolicies.list');
  const { data: summary } = useOperation('accounts.summary', undefined, { everyMs: REFRESH_MS });
  const shut = useMemo(() => shutIn(written), [written]);
  const rows = useMemo(() => listedOf(slices.rows, shut), [slices.rows, shut]);
  const listed: Slices<Listed> = { ...slices, rows };
  return {
    slices: listed,
    /** The address with one provider opened or shut. */
    turn: (provider: string): Address => ({ shut: turned(shut, provider) }),
    headOf: (provider: string) => ({
      name: offered?.providers.find(({ id }) => id === provider)?.name ?? provider,
      policy: held?.policies.find(({ provider_id: id }) => id === provider),
      // Beside a part of the accounts the numbers of all would mislead.
      counts: isNarrowed ? undefined : summary?.providers.find(({ provider_id: id }) => id === provider),
    }),
  };
}
