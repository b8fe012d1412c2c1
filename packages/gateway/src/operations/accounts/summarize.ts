import type { AccountsSummary } from '@patchbay/contract/resources/account';

import type { AccountRecord } from '../../storage/records.ts';
import { done } from '../handler.ts';
import type { AccountHandlers, AccountParts } from './parts.ts';
import { seatOf } from './present-account.ts';
import { ownerFor } from './reachable.ts';

/** Accounts of each provider that has any, by how they fare; whoever sees his own alone has those counted. */
export const summarizeAccounts =
  (parts: AccountParts): AccountHandlers['accounts.summary'] =>
  async (_, { principal }) => {
    const owner = ownerFor(principal);
    const rows = await parts.rows.accounts.all(owner === undefined ? undefined : { createdBy: owner });
    const providers = [...Map.groupBy(rows, ({ providerId }) => providerId)]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([provider_id, some]) => ({ provider_id, ...countsOf(parts, some) }));
    return done({ providers });
  };

function countsOf(
  parts: AccountParts,
  rows: readonly AccountRecord[],
): Omit<AccountsSummary['providers'][number], 'provider_id'> {
  const now = parts.clock.monotonicMs();
  const active = rows.filter(({ isActive }) => isActive);
  const faring = (status: string): number => active.filter(({ healthStatus }) => healthStatus === status).length;
  return {
    total: rows.length,
    off: rows.length - active.length,
    healthy: faring('healthy'),
    degraded: faring('degraded'),
    down: faring('down'),
    usable: active.filter((row) => seatOf(parts, row)?.isUsable(undefined, now) === true).length,
  };
}
