import type { Asked, Operations } from '@patchbay/contract';

import type { CallQuery } from '../../storage/repositories/call-reader.ts';

type Query = Omit<CallQuery, 'limit'>;
type Filters = Asked<Operations['requestLogs.follow']>['query'];

/** What was asked, in the words of the store; keys are the caller’s matter. */
export function callQueryOf(query: Filters): Query {
  const said: { readonly [Name in keyof Query]: Query[Name] | undefined } = {
    requestId: query.request_id,
    providerId: query.provider_id,
    accountId: query.account_id,
    model: query.model,
    state: query.state,
    search: query.search,
    statusHundred: query.status === undefined ? undefined : Number(query.status[0]),
    streamed: query.streamed,
    switched: query.switched,
    minLatencyMs: query.min_latency_ms,
    minCostNanoUsd: query.min_cost_nano_usd,
    fromMs: query.from === undefined ? undefined : Date.parse(query.from),
    toMs: query.to === undefined ? undefined : Date.parse(query.to),
  };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
}
