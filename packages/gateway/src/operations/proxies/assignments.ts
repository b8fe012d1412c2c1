import { assignProxy, recalculate } from '../../egress/assign-proxy.ts';
import type { Repositories } from '../../storage/ports.ts';
import type { AccountRecord, ProxyRecord } from '../../storage/records.ts';
import { shownUrl } from './present-proxy.ts';

type AssignedRows = Pick<Repositories, 'proxies' | 'accounts'>;

/** The way out of an account, as its row holds it. */
export interface AssignedProxy {
  readonly proxyId: number;
  readonly proxyUrl: string;
}

/**
 * Gives an account that is about to be added the proxy with the number `asked`, full or not, or without one the proxy whose
 * turn it is, and counts it. `undefined` when there is none with room, or no such one: the account then goes out directly.
 * Belongs into the transaction that adds the account.
 */
export async function assignNewAccount(
  { proxies }: Pick<Repositories, 'proxies'>,
  asked?: number,
): Promise<AssignedProxy | undefined> {
  const chosen = asked === undefined ? assignProxy(await proxies.all()) : await proxies.get(String(asked));
  if (chosen === undefined) return undefined;
  await proxies.note([{ id: chosen.id, currentAccounts: chosen.currentAccounts + 1 }]);
  return assignedTo(chosen);
}

/** Which accounts go through which proxy: ids of accounts by number of proxy. */
export type Assignments = Record<string, string[]>;

/** What a recalculation did. */
export interface Recalculated {
  readonly assignments: Assignments;
  readonly moved: number;
  /** Accounts that rest, because their proxy is off or gone and no other has room. */
  readonly stranded: readonly string[];
}

/** Counts anew and moves the accounts of proxies that are off, down or gone. Belongs into a transaction. */
export async function recalculateRows({ proxies, accounts }: AssignedRows): Promise<Recalculated> {
  const pool = await proxies.all();
  const known = await accounts.all();
  const { counts, moves, stranded } = recalculate(pool, known);
  const byId = new Map(pool.map((proxy) => [proxy.id, proxy]));
  for (const { accountId, proxyId } of moves)
    await accounts.update(accountId, assignedTo(byId.get(proxyId) as ProxyRecord));
  const wrong = pool.filter(({ id, currentAccounts }) => counts.get(id) !== currentAccounts);
  await proxies.note(wrong.map(({ id }) => ({ id, currentAccounts: counts.get(id) ?? 0 })));
  const movedTo = new Map(moves.map(({ accountId, proxyId }) => [accountId, Number(proxyId)]));
  const after = known.map((account) => ({ ...account, ...numbered(movedTo.get(account.id)) }));
  return { assignments: assignmentsOf(pool, after), moved: moves.length, stranded };
}

/** Accounts by proxy; a proxy without any has an empty list. */
export function assignmentsOf(pool: readonly ProxyRecord[], accounts: readonly AccountRecord[]): Assignments {
  const lists = new Map<string, string[]>(pool.map(({ id }) => [id, []]));
  for (const { id, proxyId } of accounts) lists.get(String(proxyId))?.push(id);
  return Object.fromEntries(lists);
}

const assignedTo = ({ id, url }: ProxyRecord): AssignedProxy => ({ proxyId: Number(id), proxyUrl: shownUrl(url) });
const numbered = (proxyId: number | undefined) => (proxyId === undefined ? {} : { proxyId });
