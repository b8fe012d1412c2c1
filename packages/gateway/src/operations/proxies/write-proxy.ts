import { FRESH, type ProxyHealth } from '../../egress/proxy-health.ts';
import type { ProxyRecord } from '../../storage/records.ts';
import { changeRow, type Decision } from '../change-row.ts';
import { done, refused } from '../handler.ts';
import { serveNow } from '../serve-now.ts';
import { proxyNotFound, takenUrl, wrongUrl } from './failures.ts';
import type { ProxyHandlers, ProxyParts } from './parts.ts';
import { presentProxy } from './present-proxy.ts';
import { readSentUrl } from './read-url.ts';

type Sent = Parameters<ProxyHandlers['proxies.create']>[0]['body'];

/** Adds a proxy. */
export const createProxy =
  ({ rows, pool, clock }: ProxyParts): ProxyHandlers['proxies.create'] =>
  async ({ body }) => {
    const read = readSentUrl(body);
    if (!read.ok) return refused(read.failure);
    const { url, protocol, password } = read;
    if (password === 'kept') return refused(wrongUrl('The password is a mask.'));
    const nowMs = clock.nowMs();
    const inserted = await rows.proxies.add({
      ...NEW,
      ...membersOf(body),
      url,
      protocol,
      ...(password !== undefined && { password }),
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    });
    if (inserted.kind === 'duplicate') return refused(takenUrl((await holderOf(rows, url)) ?? ''));
    await serveNow({ registry: pool });
    const proxy = presentProxy(inserted.row);
    return done(proxy, { resource: 'proxy', resourceId: inserted.row.id, after: proxy });
  };

/** Changes what was sent of a proxy. At a new place, or switched on again, it begins as a healthy one. */
export const updateProxy =
  ({ rows, pool }: ProxyParts): ProxyHandlers['proxies.update'] =>
  async ({ params, body }) => {
    const missing = proxyNotFound(params.id);
    const row = await rows.proxies.get(String(params.id));
    if (row === undefined) return refused(missing);
    const changed = await changeRow(rows.proxies, {
      row,
      expected: body.version,
      decide: (current) => decide(rows, current, body),
      missing,
    });
    if (!changed.ok) return refused(changed.failure);
    if (changed.after.url !== changed.before.url) await tellAccounts(rows, changed.after);
    await serveNow({ registry: pool });
    const [before, after] = [presentProxy(changed.before), presentProxy(changed.after)];
    return done(after, { resource: 'proxy', resourceId: row.id, before, after });
  };

/** Accounts show the URL of their proxy. */
async function tellAccounts({ accounts }: ProxyParts['rows'], { id, url }: ProxyRecord): Promise<void> {
  for (const account of await accounts.all({ proxyId: Number(id) }))
    await accounts.update(account.id, { proxyUrl: url });
}

async function decide(
  rows: ProxyParts['rows'],
  row: ProxyRecord,
  body: Parameters<ProxyHandlers['proxies.update']>[0]['body'],
): Promise<Decision<ProxyRecord>> {
  const isMoved = body.url !== undefined || body.proxy_url !== undefined || body.protocol !== undefined;
  const place = isMoved ? placeIn(row, body) : ({ ok: true, changes: {} } as const);
  if (!place.ok) return place;
  const { url = row.url } = place.changes;
  const holder = url === row.url ? undefined : await holderOf(rows, url);
  if (holder !== undefined) return { ok: false, failure: takenUrl(holder) };
  const emptied = body.label === null ? { label: undefined } : {};
  const isFresh = url !== row.url || (body.is_active === true && !row.isActive);
  return { ok: true, changes: { ...membersOf(body), ...emptied, ...place.changes, ...(isFresh && healthOf(FRESH)) } };
}

/** Where the proxy is from now on, and what it is shown there. */
function placeIn(row: ProxyRecord, body: Sent): Decision<ProxyRecord> {
  const read = readSentUrl(body.url === undefined && body.proxy_url === undefined ? { ...body, url: row.url } : body);
  if (!read.ok) return read;
  const { url, protocol, password } = read;
  if (password !== 'kept') return { ok: true, changes: { url, protocol, password } };
  // A password is for the proxy that it was given for: whoever may move the proxy must not thereby learn it.
  if (url !== presentProxy(row).url)
    return {
      ok: false,
      failure: wrongUrl('The password that is stored is for another host, port or user: send it again.'),
    };
  return { ok: true, changes: {} };
}

type Members = Partial<Pick<ProxyRecord, 'label' | (typeof PLAIN)[number][0]>>;

/** The other members of a row, those that were sent with a value. */
function membersOf(body: Sent): Members {
  const sent = PLAIN.flatMap(([name, written]) =>
    body[written] === undefined ? [] : [[name, body[written]] as const],
  );
  return { ...Object.fromEntries(sent), ...(typeof body.label === 'string' && { label: body.label }) };
}

async function holderOf({ proxies }: Pick<ProxyParts['rows'], 'proxies'>, url: string): Promise<string | undefined> {
  return (await proxies.all({ url }))[0]?.id;
}

/** Health as a row holds it. */
export const healthOf = (health: ProxyHealth) => ({
  healthStatus: health.status,
  consecutiveFailures: health.consecutiveFailures,
  successRate: health.successRate,
  avgLatencyMs: health.avgLatencyMs,
  markedDownAtMs: health.markedDownAtMs,
});

const NEW = {
  isActive: true,
  maxAccounts: 0,
  currentAccounts: 0,
  usageCount: 0,
  priority: 0,
  weight: 1,
  maxFailures: 3,
  healthStatus: FRESH.status,
  consecutiveFailures: FRESH.consecutiveFailures,
  successRate: FRESH.successRate,
  avgLatencyMs: FRESH.avgLatencyMs,
};

/** Names of members in rows and in requests. */
const PLAIN = [
  ['isActive', 'is_active'],
  ['maxAccounts', 'max_accounts'],
  ['priority', 'priority'],
  ['weight', 'weight'],
  ['maxFailures', 'max_failures'],
] as const;
