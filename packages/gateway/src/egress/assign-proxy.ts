/** What assignment has to know of a proxy. */
export interface AssignableProxy {
  readonly id: string;
  readonly isActive: boolean;
  readonly healthStatus: string;
  /** The highest is filled first. */
  readonly priority: number;
  /** 0 and less: as many as there are. */
  readonly maxAccounts: number;
  readonly currentAccounts: number;
}

/** What assignment has to know of an account. */
export interface AssignableAccount {
  readonly id: string;
  readonly isActive: boolean;
  /** Number of its proxy; absent: it goes out directly. */
  readonly proxyId?: number;
}

/** An account that gets another proxy. */
export interface Move {
  readonly accountId: string;
  readonly proxyId: string;
}

/** What a recalculation finds. */
export interface Recalculation {
  /** Active accounts of each proxy after the moves. */
  readonly counts: ReadonlyMap<string, number>;
  readonly moves: readonly Move[];
  /** Accounts whose proxy is off and for which no other has room. They keep it, so that none goes out directly unasked. */
  readonly stranded: readonly string[];
}

/** False for a proxy that nobody may use. */
export const isAvailable = ({ isActive, healthStatus }: AssignableProxy): boolean =>
  isActive && healthStatus !== 'down';

/**
 * The proxy that the next account gets: of those that are available and have room the one with the highest priority, then
 * with the fewest accounts, then the oldest. `undefined` when there is none.
 */
export function assignProxy<P extends AssignableProxy>(proxies: readonly P[]): P | undefined {
  return proxies
    .filter((proxy) => isAvailable(proxy) && (proxy.maxAccounts <= 0 || proxy.currentAccounts < proxy.maxAccounts))
    .toSorted(
      (one, other) =>
        other.priority - one.priority ||
        one.currentAccounts - other.currentAccounts ||
        Number(one.id) - Number(other.id),
    )[0];
}

/**
 * Counts anew and moves the accounts of proxies that are off, down or gone. An account with a good proxy stays with it, even
 * where that has more accounts than it should; one without a proxy stays without.
 */
export function recalculate(
  proxies: readonly AssignableProxy[],
  accounts: readonly AssignableAccount[],
): Recalculation {
  const counts = new Map(proxies.map(({ id }) => [id, 0]));
  const available = new Set(proxies.filter(isAvailable).map(({ id }) => id));
  const assigned = accounts.filter(({ proxyId }) => proxyId !== undefined);
  const isSettled = ({ proxyId }: AssignableAccount): boolean => available.has(String(proxyId));
  const count = (id: string, { isActive }: AssignableAccount): void => {
    if (isActive && counts.has(id)) counts.set(id, (counts.get(id) ?? 0) + 1);
  };
  for (const account of assigned.filter(isSettled)) count(String(account.proxyId), account);
  const [moves, stranded] = [[] as Move[], [] as string[]];
  for (const account of assigned.filter((each) => !isSettled(each))) {
    const proxy = assignProxy(proxies.map((each) => ({ ...each, currentAccounts: counts.get(each.id) ?? 0 })));
    if (proxy === undefined) stranded.push(account.id);
    else moves.push({ accountId: account.id, proxyId: proxy.id });
    count(proxy?.id ?? String(account.proxyId), account);
  }
  return { counts, moves, stranded };
}
