import { done, refused } from '../handler.ts';
import { serveNow } from '../serve-now.ts';
import { ACCOUNT_NOT_FOUND } from './failures.ts';
import type { AccountHandlers, AccountParts } from './parts.ts';
import { auditedAccount, presentAccount, seatOf } from './present-account.ts';
import { ownerFor, reachable } from './reachable.ts';
import { summarizeAccounts } from './summarize.ts';
import { createAccount, updateAccount } from './write-account.ts';

/** Upstream accounts: users reach their own, administrators all. */
export function accountHandlers(parts: AccountParts): Omit<AccountHandlers, 'accounts.test'> {
  return {
    'accounts.list': async ({ query }, { principal }) => {
      const { provider_id, is_active, health_status, search, sort, limit, offset } = query;
      const owner = ownerFor(principal);
      const { items, total } = await parts.rows.accounts.page({
        where: {
          ...(provider_id !== undefined && { providerId: provider_id }),
          ...(is_active !== undefined && { isActive: is_active }),
          ...(health_status !== undefined && { healthStatus: health_status }),
          ...(owner !== undefined && { createdBy: owner }),
        },
        ...(search !== undefined && search !== '' && { search }),
        sortBy: sort === 'provider_id' ? 'providerId' : 'createdAtMs',
        limit,
        offset,
      });
      const data = await Promise.all(items.map((row) => presentAccount(parts, row)));
      return done({ data, total, limit, offset });
    },
    'accounts.create': createAccount(parts),
    'accounts.summary': summarizeAccounts(parts),
    'accounts.get': async ({ params }, { principal }) => {
      const row = await reachable(parts, params.id, principal);
      return row === undefined ? refused(ACCOUNT_NOT_FOUND) : done(await presentAccount(parts, row));
    },
    'accounts.update': updateAccount(parts),
    'accounts.delete': deleteAccount(parts),
    'accounts.resetHealth': resetHealth(parts),
  };
}

const deleteAccount =
  ({ rows, ...parts }: AccountParts): AccountHandlers['accounts.delete'] =>
  async ({ params }, { principal }) => {
    const row = await reachable({ rows }, params.id, principal);
    if (row === undefined) return refused(ACCOUNT_NOT_FOUND);
    await rows.accounts.remove(row.id);
    await serveNow(parts);
    return done(
      { message: `The account ${row.label === '' ? row.id : row.label} was removed.` },
      { resource: 'account', resourceId: row.id, before: auditedAccount(row) },
    );
  };

/** Lets an account be used as if it had never failed, here and in its row. */
const resetHealth =
  (parts: AccountParts): AccountHandlers['accounts.resetHealth'] =>
  async ({ params, body }, { principal }) => {
    const row = await reachable(parts, params.id, principal);
    if (row === undefined) return refused(ACCOUNT_NOT_FOUND);
    seatOf(parts, row)?.reset(body?.model);
    if (body?.model === undefined)
      await parts.rows.accounts.note([{ id: row.id, uses: 0, health: { status: 'healthy', failures: 0 } }]);
    const after = await parts.rows.accounts.get(row.id);
    if (after === undefined) return refused(ACCOUNT_NOT_FOUND);
    return done(await presentAccount(parts, after), {
      resource: 'account',
      resourceId: row.id,
      after: { reset: true },
    });
  };
