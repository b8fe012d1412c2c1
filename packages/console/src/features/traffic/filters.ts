import type { Address } from '../../lib/use-address.ts';

/** What the log takes as filters, by the API's names. */
export type LogFilters = Readonly<Record<string, string>>;

const MS_PER_SPAN: Readonly<Record<string, number>> = {
  '1h': 3_600_000,
  '24h': 86_400_000,
  '7d': 7 * 86_400_000,
  '30d': 30 * 86_400_000,
};

/** Filters of the address that mean the same to the API, each with its name there. */
const SAME = [
  ['search', 'search'],
  ['model', 'model'],
  ['provider', 'provider_id'],
  ['account', 'account_id'],
  ['key', 'key_id'],
  ['streamed', 'streamed'],
  ['switched', 'switched'],
  ['slow', 'min_latency_ms'],
  ['from', 'from'],
  ['to', 'to'],
] as const;

/** Outcomes that one can choose; each is another filter of the API. */
export const OUTCOMES = {
  ok: { label: 'Succeeded', filter: { state: 'success' } },
  failed: { label: 'Failed', filter: { state: 'failed' } },
  cancelled: { label: 'Client left', filter: { state: 'cancelled' } },
  '4xx': { label: 'Status 4xx', filter: { status: '4xx' } },
  '5xx': { label: 'Status 5xx', filter: { status: '5xx' } },
} as const satisfies Readonly<Record<string, { readonly label: string; readonly filter: LogFilters }>>;

const NANO_PER_USD = 1e9;

/** What the address asks of the log. A span ends now: `nowMs` should stand still while one scrolls. */
export function filtersOf(address: Address, nowMs: number): LogFilters {
  const { outcome, span, cost } = address;
  const same = SAME.flatMap(([here, there]): [string, string][] => {
    const value = address[here]?.trim();
    return value === undefined || value === '' ? [] : [[there, value]];
  });
  const spanMs = span === undefined ? undefined : MS_PER_SPAN[span];
  const dollars = cost === undefined || cost === '' ? Number.NaN : Number(cost);
  return {
    ...(spanMs !== undefined && { from: new Date(nowMs - spanMs).toISOString() }),
    ...Object.fromEntries(same),
    ...(outcome !== undefined && Object.hasOwn(OUTCOMES, outcome) && OUTCOMES[outcome as keyof typeof OUTCOMES].filter),
    ...(Number.isFinite(dollars) && { min_cost_nano_usd: String(Math.max(0, Math.round(dollars * NANO_PER_USD))) }),
  };
}

/** Names in the address that filter; to clear them all. */
export const FILTER_NAMES = [
  'search',
  'outcome',
  'model',
  'provider',
  'account',
  'key',
  'span',
  'from',
  'to',
  'streamed',
  'switched',
  'slow',
  'cost',
] as const;

/** The address without filters. */
export const CLEARED: Address = Object.fromEntries(FILTER_NAMES.map((name) => [name, undefined]));

/** How many filters are set. */
export const filterCount = (address: Address): number =>
  FILTER_NAMES.filter((name) => (address[name] ?? '') !== '').length;

/** Whether calls that end now can fit: not while one looks at a time that is over. */
export const canGrow = ({ to }: Address): boolean => to === undefined || to === '';
