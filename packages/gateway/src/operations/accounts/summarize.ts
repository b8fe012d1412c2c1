import type { AccountsSummary } from '@patchbay/contract/resources/account';

import { isAvailable } from '../../egress/assign-proxy.ts';
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
    const open = await waysIn(parts);
    const providers = [...Map.groupBy(rows, ({ providerId }) => providerId)]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([provider_id, some]) => ({ provider_id, ...countsOf(parts, some, open) }));
    return done({ providers });
  };

/** Numbers of the proxies that calls may go through. */
const waysIn = async ({ rows }: Pick<AccountParts, 'rows'>): Promise<ReadonlySet<number>> =>
  new Set((await rows.proxies.all()).filter(isAvailable).map(({ id }) => Number(id)));

function countsOf(
  parts: AccountParts,
  rows: readonly AccountRecord[],
  open: ReadonlySet<number>,
): Omit<AccountsSummary['providers'][number], 'provider_id'> {
  const now = parts.clock.monotonicMs();
  const active = rows.filter(({ isActive }) => isActive);
  const faring = (status: string): number => active.filter(({ healthStatus }) => healthStatus === status).length;
  const hasWay = ({ proxyId }: AccountRecord): boolean => proxyId === undefined || open.has(proxyId);
  return {
    total: rows.length,
    off: rows.length - active.length,
    healthy: faring('healthy'),
    degraded: faring('degraded'),
    down: faring('down'),
    usable: active.filter((row) => hasWay(row) && seatOf(parts, row)?.isUsable(undefined, now) === true).length,
  };
}
