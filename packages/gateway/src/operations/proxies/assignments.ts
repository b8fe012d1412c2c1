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
 * turn it is; the store counts it there. `undefined` when there is none with room, or no such one: the account then goes out directly.
 * Belongs into the transaction that adds the account.
 */
export async function assignNewAccount(
  { proxies }: Pick<Repositories, 'proxies'>,
  asked?: number,
): Promise<AssignedProxy | undefined> {
  const chosen = asked === undefined ? assignProxy(await proxies.all()) : await proxies.get(String(asked));
  return chosen && assignedTo(chosen);
}

/** Which accounts go through which proxy: ids of accounts by number of proxy. */
export type Assignments = Record<string, string[]>;

/** An account that gets another proxy. */
export interface MovedAccount {
  readonly account: AccountRecord;
  readonly to: ProxyRecord;
}

/** What a recalculation does. */
export interface Recalculated {
  /** As they are afterwards. */
  readonly assignments: Assignments;
  readonly moves: readonly MovedAccount[];
  /** Accounts that rest, because their proxy is off or gone and no other has room. */
  readonly stranded: readonly AccountRecord[];
}

/** What a recalculation would do now, and how many accounts each proxy has then; changes nothing. */
export async function planRecalculation({ proxies, accounts }: AssignedRows) {
  const pool = await proxies.all();
  const known = await accounts.all();
  const { counts, moves, stranded } = recalculate(pool, known);
  const proxyOf = new Map(pool.map((proxy) => [proxy.id, proxy]));
  const accountOf = new Map(known.map((account) => [account.id, account]));
  const moved = moves.flatMap(({ accountId, proxyId }) => {
    const [account, to] = [accountOf.get(accountId), proxyOf.get(proxyId)];
    return account === undefined || to === undefined ? [] : [{ account, to }];
  });
  const movedTo = new Map(moves.map(({ accountId, proxyId }) => [accountId, Number(proxyId)]));
  const after = known.map((account) => ({ ...account, ...numbered(movedTo.get(account.id)) }));
  const result: Recalculated = {
    assignments: assignmentsOf(pool, after),
    moves: moved,
    stranded: stranded.flatMap((id) => accountOf.get(id) ?? []),
  };
  return { result, counts };
}

/** Counts anew and moves the accounts of proxies that are off, down or gone. Belongs into a transaction. */
export async function recalculateRows(rows: AssignedRows): Promise<Recalculated> {
  const { result, counts } = await planRecalculation(rows);
  for (const { account, to } of result.moves) await rows.accounts.update(account.id, assignedTo(to));
  // The moves were counted by the store; what is wrong now was written there by hand.
  const wrong = (await rows.proxies.all()).filter(({ id, currentAccounts }) => counts.get(id) !== currentAccounts);
  await rows.proxies.note(wrong.map(({ id }) => ({ id, currentAccounts: counts.get(id) ?? 0 })));
  return result;
}

/** Accounts by proxy; a proxy without any has an empty list. */
export function assignmentsOf(pool: readonly ProxyRecord[], accounts: readonly AccountRecord[]): Assignments {
  const lists = new Map<string, string[]>(pool.map(({ id }) => [id, []]));
  for (const { id, proxyId } of accounts) lists.get(String(proxyId))?.push(id);
  return Object.fromEntries(lists);
}

const assignedTo = ({ id, url }: ProxyRecord): AssignedProxy => ({ proxyId: Number(id), proxyUrl: shownUrl(url) });
const numbered = (proxyId: number | undefined) => (proxyId === undefined ? {} : { proxyId });
