import * as z from 'zod/mini';

import { operation } from '../operation.ts';
import { Message } from '../resources/account.ts';
import { ExplainRequest, Explanation, RetoldRequest } from '../resources/explanation.ts';
import { FilterRequestLogs, ListRequestLogs, RequestLogs } from '../resources/request-log.ts';
import { RequestPayloads } from '../resources/payload.ts';
import { Quota, QuotaList, QuotaSummary } from '../resources/quota.ts';

const FACE = 'accounts';
const QUOTA = '/api/v1/quota';
const ModelQuery = z.object({ model: z.optional(z.string()) });
const OfAccount = z.object({ id: z.string().check(z.minLength(1)) });

/** Operations of the log of calls, by id. */
export const REQUEST_LOG_OPERATIONS = {
  'requestLogs.list': operation({
    id: 'requestLogs.list',
    face: FACE,
    method: 'GET',
    path: '/api/v1/stats/logs',
    aliases: ['/api/v1/logs'],
    permission: 'logs:read',
    summary: 'Upstream attempts, the newest first; users see those of their own keys.',
    query: ListRequestLogs,
    output: RequestLogs,
  }),
  'requestLogs.follow': operation({
    id: 'requestLogs.follow',
    face: FACE,
    method: 'GET',
    path: '/api/v1/logs/stream',
    permission: 'logs:read',
    summary:
      'Attempts as they are logged, as server-sent events: `call` carries one, `skipped` says that some were left out.',
    query: FilterRequestLogs,
    output: z.unknown(),
    contentType: 'text/event-stream',
  }),
  'requestLogs.export': operation({
    id: 'requestLogs.export',
    face: FACE,
    method: 'GET',
    path: '/api/v1/logs/export',
    permission: 'logs:read',
    summary: 'Attempts as CSV, the newest first, 100,000 at most.',
    query: FilterRequestLogs,
    output: z.unknown(),
    contentType: 'text/csv; charset=utf-8',
  }),
  'requestLogs.errors': operation({
    id: 'requestLogs.errors',
    face: FACE,
    method: 'GET',
    path: '/api/v1/logs/errors',
    aliases: ['/api/v1/logs/errors/range'],
    permission: 'logs:read',
    summary: 'Attempts that failed, of the last 24 hours unless a range is given.',
    query: ListRequestLogs,
    output: RequestLogs,
  }),
  'requestLogs.retell': operation({
    id: 'requestLogs.retell',
    face: FACE,
    method: 'GET',
    path: '/api/v1/explain/{request_id}',
    permission: 'logs:read',
    summary: 'What became of a request: every attempt, why each was left, what it cost, and what to do.',
    params: z.object({ request_id: z.string().check(z.minLength(1)) }),
    output: RetoldRequest,
    failures: ['NOT_FOUND'],
  }),
  'requestLogs.stats': operation({
    id: 'requestLogs.stats',
    face: FACE,
    method: 'GET',
    path: '/api/v1/stats',
    permission: 'usage:read',
    summary: 'Numbers of the last 24 hours by the names of their keys: requests over proxies, retries, token caches.',
    output: z.object({ stats: z.record(z.string(), z.int()) }),
  }),
  'requestLogs.payloads': operation({
    id: 'requestLogs.payloads',
    face: FACE,
    method: 'GET',
    path: '/api/v1/logs/{request_id}/payloads',
    permission: 'payloads:read',
    summary:
      'Bodies of a request as its client and its upstreams saw them, without credentials; reading them is audited.',
    params: z.object({ request_id: z.string().check(z.minLength(1)) }),
    output: RequestPayloads,
    failures: ['NOT_FOUND'],
    // Bodies are what people wrote: who looked at them is written down.
    reads: false,
  }),
  'requestLogs.cleanup': operation({
    id: 'requestLogs.cleanup',
    face: FACE,
    method: 'POST',
    path: '/api/v1/logs/errors/cleanup',
    permission: 'system:config',
    summary: 'Remove attempts that are older than they have to be kept.',
    output: z.extend(Message, { removed: z.int() }),
  }),
} as const;

/** Operations of quotas and explanations, by id. */
export const LOG_OPERATIONS = {
  'explain.request': operation({
    id: 'explain.request',
    face: FACE,
    method: 'POST',
    path: '/api/v1/explain',
    permission: 'logs:read',
    summary: 'What a request would meet: rules, targets, accounts, proxies, limits and price. Nobody is called.',
    body: ExplainRequest,
    output: Explanation,
    failures: ['NOT_FOUND'],
    reads: true,
  }),
  'quotas.list': operation({
    id: 'quotas.list',
    face: FACE,
    method: 'GET',
    path: `${QUOTA}/accounts`,
    permission: 'quotas:read',
    summary: 'What accounts have used, and what was learned of their limits.',
    query: z.object({ provider: z.optional(z.string()) }),
    output: QuotaList,
  }),
  'quotas.get': operation({
    id: 'quotas.get',
    face: FACE,
    method: 'GET',
    path: `${QUOTA}/accounts/{id}`,
    permission: 'quotas:read',
    summary: 'One account’s quotas, by model.',
    params: OfAccount,
    output: z.object({ account_id: z.string(), quotas: z.array(Quota) }),
    failures: ['NOT_FOUND'],
  }),
  'quotas.reset': operation({
    id: 'quotas.reset',
    face: FACE,
    method: 'DELETE',
    path: `${QUOTA}/accounts/{id}`,
    permission: 'quotas:write',
    summary: 'Forget what an account has used, of one model or of all.',
    params: OfAccount,
    query: ModelQuery,
    output: Message,
    failures: ['NOT_FOUND'],
  }),
  'quotas.summary': operation({
    id: 'quotas.summary',
    face: FACE,
    method: 'GET',
    path: `${QUOTA}/providers/{provider}/summary`,
    permission: 'quotas:read',
    summary: 'How many accounts of a provider can still be used.',
    params: z.object({ provider: z.string() }),
    output: QuotaSummary,
  }),
} as const;
