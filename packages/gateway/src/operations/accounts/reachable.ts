import type { Principal } from '../../identity/principal.ts';
import type { AccountRecord } from '../../storage/records.ts';
import type { AccountParts } from './parts.ts';

/** Roles that reach the accounts of others: administrators, and those who keep accounts alive. */
const REACH_ALL = new Set<Principal['role']>(['admin', 'provider']);

/** Whose accounts somebody reaches: everyone's (`undefined`), or those made by the given id alone. */
export const ownerFor = (principal: Principal | undefined): string | undefined =>
  principal === undefined || REACH_ALL.has(principal.role) ? undefined : principal.id;

/** The account with this id where the principal reaches it; others' are as good as absent. */
export async function reachable(
  { rows }: Pick<AccountParts, 'rows'>,
  id: string,
  principal: Principal | undefined,
): Promise<AccountRecord | undefined> {
  const row = await rows.accounts.get(id);
  const owner = ownerFor(principal);
  return owner === undefined || row?.createdBy === owner ? row : undefined;
}
