import type { CallRecord, CallSink } from './call-record.ts';

/** Numbers of a day that people look up by hand, under the names that guides give them. */
export interface CallTallies {
  /** One more under this key. */
  add(key: string): void;
  /** One more error, as a line of JSON. */
  addError(event: { readonly atMs: number; readonly text: string }): void;
  /** The keys of a proxy: of its requests, and of those that failed. */
  readonly proxyKeys: (proxyId: number, what: 'requests' | 'errors') => readonly string[];
  readonly retriesKey: string;
  readonly switchesKey: string;
}

/** Counts calls for those who look numbers up: requests over proxies, tries beyond the first, changes of the account. */
export const tallyCalls = (tallies: CallTallies): CallSink => ({
  record(call) {
    const { attempts } = call;
    for (const [index, { proxyId, state, accountId }] of attempts.entries()) {
      if (proxyId !== undefined) {
        for (const key of tallies.proxyKeys(proxyId, 'requests')) tallies.add(key);
        if (state === 'failed') for (const key of tallies.proxyKeys(proxyId, 'errors')) tallies.add(key);
      }
      if (index === 0) continue;
      tallies.add(tallies.retriesKey);
      if (attempts[index - 1]?.accountId !== accountId) tallies.add(tallies.switchesKey);
    }
    if (call.state === 'failed') tallies.addError({ atMs: call.startedAtMs, text: errorOf(call) });
  },
});

function errorOf({ requestId, requestedModel, route, status, startedAtMs, attempts, refusedBy }: CallRecord): string {
  const last = attempts.at(-1);
  return JSON.stringify({
    request_id: requestId,
    provider_id: last?.providerId ?? '',
    account_id: last?.accountId ?? '',
    model: requestedModel,
    route,
    status_code: status,
    error: last?.error ?? refusedBy ?? '',
    created_at: new Date(startedAtMs).toISOString(),
  });
}
