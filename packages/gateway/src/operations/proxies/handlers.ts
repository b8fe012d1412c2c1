import { afterProbe } from '../../egress/proxy-health.ts';
import { storedProxyAddress } from '../../egress/proxy-url.ts';
import type { AccountRecord, ProxyDay, ProxyRecord } from '../../storage/records.ts';
import { done, refused } from '../handler.ts';
import { serveNow } from '../serve-now.ts';
import { assignmentsOf, planRecalculation, recalculateRows, type Recalculated } from './assignments.ts';
import { proxyNotFound, wrongUrl } from './failures.ts';
import type { ProxyHandlers, ProxyParts } from './parts.ts';
import { presentProxy } from './present-proxy.ts';
import { createProxy, updateProxy } from './write-proxy.ts';

const DAY_MS = 86_400_000;

/** Outbound proxies, for those who may see and change them. */
export function proxyHandlers(parts: ProxyParts): ProxyHandlers {
  const { rows } = parts;
  return {
    'proxies.list': async ({ query: { limit, offset } }) => {
      const { items, total } = await rows.proxies.page({ limit, offset });
      return done({ data: items.map(presentProxy), total, limit, offset });
    },
    'proxies.create': createProxy(parts),
    'proxies.get': async ({ params: { id } }) => {
      const row = await rows.proxies.get(String(id));
      return row === undefined ? refused(proxyNotFound(id)) : done(presentProxy(row));
    },
    'proxies.update': updateProxy(parts),
    'proxies.delete': deleteProxy(parts),
    'proxies.assignments': showAssignments(parts),
    'proxies.recalculate': recalculate(parts),
    'proxies.check': checkProxy(parts),
    'proxies.stats': async ({ params: { id }, query: { days } }) => {
      if ((await rows.proxies.get(String(id))) === undefined) return refused(proxyNotFound(id));
      const from = new Date(parts.clock.nowMs() - (days - 1) * DAY_MS).toISOString().slice(0, 10);
      return done({ stats: (await rows.proxies.days(String(id), from)).map(presentDay) });
    },
  };
}

/** Moves accounts, or says which it would move. */
const recalculate =
  ({ rows, pool }: ProxyParts): ProxyHandlers['proxies.recalculate'] =>
  async ({ query: { dry_run: isTrial } }) => {
    if (isTrial) return done(presentRecalculated((await planRecalculation(rows)).result, 'would get'));
    const result = await rows.transaction(recalculateRows);
    await serveNow({ registry: pool });
    const shown = presentRecalculated(result, 'got');
    const { assignments, moved } = shown;
    return done(
      { ...shown, message: `Assignments were recalculated. ${shown.message}` },
      { resource: 'proxy', after: { moved, assignments } },
    );
  };

function presentRecalculated(result: Recalculated, got: 'got' | 'would get') {
  const { assignments, moves, stranded } = result;
  const shown = ({ id, label, providerId, proxyId }: AccountRecord) => ({
    id,
    label,
    provider_id: providerId,
    from_proxy_id: proxyId ?? null,
  });
  return {
    message: outcomeOf(result, got),
    assignments,
    moved: moves.length,
    moves: moves.map(({ account, to }) => ({ ...shown(account), to_proxy_id: Number(to.id) })),
    stranded: stranded.map(shown),
  };
}

/** What becomes of accounts, in a sentence or two. */
function outcomeOf({ moves, stranded }: Recalculated, got: 'got' | 'would get'): string {
  const accounts = (count: number): string => `${count} account${count === 1 ? '' : 's'}`;
  const said = `${accounts(moves.length)} ${got} another proxy.`;
  if (stranded.length === 0) return said;
  const find = got === 'got' ? 'found none with room and will not be used' : 'would find none with room and rest';
  return `${said} ${accounts(stranded.length)} ${find}: add a proxy and recalculate, or set \`proxy_id\` to null to send them out directly.`;
}

/** Removes a proxy; its accounts get another, or rest where none has room. */
const deleteProxy =
  ({ rows, pool }: ProxyParts): ProxyHandlers['proxies.delete'] =>
  async ({ params }) => {
    const removed = await rows.transaction(async (within) => {
      const row = await within.proxies.get(String(params.id));
      if (row === undefined) return undefined;
      await within.proxies.remove(row.id);
      return { row, result: await recalculateRows(within) };
    });
    if (removed === undefined) return refused(proxyNotFound(params.id));
    await serveNow({ registry: pool });
    const { row, result } = removed;
    const message = `Proxy ${row.id} was removed. ${outcomeOf(result, 'got')}`;
    return done({ message }, { resource: 'proxy', resourceId: row.id, before: presentProxy(row) });
  };

const showAssignments =
  ({ rows }: ProxyParts): ProxyHandlers['proxies.assignments'] =>
  async () => {
    const [pool, accounts] = [await rows.proxies.all(), await rows.accounts.all()];
    const assignments = assignmentsOf(pool, accounts);
    const byId = new Map(accounts.map(({ id, label, providerId }) => [id, { id, label, provider_id: providerId }]));
    const proxies = pool.map(({ id, label }) => {
      const assigned = (assignments[id] ?? []).flatMap((accountId) => byId.get(accountId) ?? []);
      return { proxy_id: Number(id), label: label ?? null, assigned_accounts: assigned.length, accounts: assigned };
    });
    return done({ assignments, proxies });
  };

/** Tries a proxy now and writes down what was found, however long it was to be left alone. */
const checkProxy =
  ({ rows, secrets, pool, probe, clock }: ProxyParts): ProxyHandlers['proxies.check'] =>
  async ({ params }) => {
    const row = await rows.proxies.get(String(params.id));
    if (row === undefined) return refused(proxyNotFound(params.id));
    const password = await secrets.openProxyPassword(row);
    if (!password.ok) return refused({ code: 'INTERNAL_SERVER_ERROR', message: password.failure.message });
    const address = storedProxyAddress(row.url, password.value);
    if (address === undefined) return refused(wrongUrl('The URL in the row of this proxy is none of a proxy.'));
    const finding = await probe(address, row.id);
    const nowMs = clock.nowMs();
    const { healthStatus: status, consecutiveFailures, successRate, avgLatencyMs } = presentHealth(row);
    const health = afterProbe({ status, consecutiveFailures, successRate, avgLatencyMs }, finding, {
      maxFailures: row.maxFailures,
      nowMs,
    });
    await rows.proxies.note([{ id: row.id, lastCheckedAtMs: nowMs, health }]);
    await serveNow({ registry: pool });
    const checked = await rows.proxies.get(row.id);
    return checked === undefined ? refused(proxyNotFound(params.id)) : done(presentProxy(checked));
  };

const presentHealth = (row: ProxyRecord) => ({ ...row, healthStatus: presentProxy(row).health_status });

const presentDay = ({ providerId, date, requests, successes, errors, latencyMs, tokens }: ProxyDay) => ({
  date,
  provider_id: providerId ?? null,
  request_count: requests,
  success_count: successes,
  error_count: errors,
  total_latency_ms: latencyMs,
  avg_latency: requests === 0 ? 0 : Math.round((latencyMs / requests) * 100) / 100,
  total_tokens: tokens,
});
