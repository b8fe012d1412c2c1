import type { REQUEST_LOG_OPERATIONS } from '@patchbay/contract/operations/logs';
import type { Asked, OperationFailure, Operations } from '@patchbay/contract';
import type { Clock } from '@patchbay/llm/model/clock';

import type { Principal } from '../../identity/principal.ts';
import type { Retention } from '../../storage/ports.ts';
import type { CallQuery, CallReader } from '../../storage/repositories/call-reader.ts';
import type { PayloadFolder } from '../../telemetry/payloads/payload-folder.ts';
import { limitFollowers } from '../followers.ts';
import { done, refused, type Handlers } from '../handler.ts';
import { ownerFor } from '../keys/owner-for.ts';
import type { Rows } from '../ports.ts';
import { invalid } from '../users/failures.ts';
import { callQueryOf } from './call-query.ts';
import { exportLog } from './export-log.ts';
import { followLog } from './follow-log.ts';
import { presentLog } from './present-log.ts';
import { presentPayloads } from './present-payloads.ts';
import { retell } from './retell.ts';
import { readStats, type StatsParts } from './show-stats.ts';

/** What the log of calls is read and tidied with. */
export interface RequestLogParts {
  readonly calls: CallReader;
  readonly rows: Pick<Rows, 'apiKeys'>;
  readonly retention: Pick<Retention, 'removeCalls'>;
  /** Where bodies of calls are kept. */
  readonly payloads: Pick<PayloadFolder, 'read'>;
  readonly stats: StatsParts;
  /** How long calls are kept, in days. */
  readonly keptDays: number;
  readonly clock: Clock;
}

type LogQuery = Asked<Operations['requestLogs.list']>['query'];

const DAY_MS = 86_400_000;
/** Rows that one request takes away. */
const REMOVED_MAX = 1_000_000;

/** Requests under one id that are shown. */
const PAYLOADS_MAX = 20;

/** Attempts of one request that are told. */
const ATTEMPTS_MAX = 1000;

/** Who may follow the log at once: each of them reads it more than once a second. */
const FOLLOWERS_MAX = 50;

const TOO_MANY_FOLLOW: OperationFailure = {
  code: 'SERVICE_UNAVAILABLE',
  message: `${FOLLOWERS_MAX} windows follow the log already. Close one, or read it with GET /api/v1/logs.`,
  retryAfterMs: 10_000,
};

const NOTHING_KEPT: OperationFailure = {
  code: 'NOT_FOUND',
  message:
    'No bodies of this request are kept. CAPTURE_PAYLOADS=errors keeps those of calls that fail, CAPTURE_PAYLOADS=all of every call, for CAPTURE_DAYS days.',
};

/** The log of calls: users see the calls of their own keys. */
export function requestLogHandlers(parts: RequestLogParts): Handlers<keyof typeof REQUEST_LOG_OPERATIONS> {
  const answer = limitFollowers(FOLLOWERS_MAX, TOO_MANY_FOLLOW);
  return {
    'requestLogs.list': async ({ query }, { principal }) => pageOf(parts, query, principal, {}),
    'requestLogs.follow': async ({ query }, { principal, signal }) => {
      const keyIds = await reachedKeys(parts, query.key_id, principal);
      return answer(followLog(parts, { ...callQueryOf(query), ...(keyIds !== undefined && { keyIds }) }, signal));
    },
    'requestLogs.export': async ({ query }, { principal, signal }) => {
      const keyIds = await reachedKeys(parts, query.key_id, principal);
      const lines = exportLog(parts.calls, { ...callQueryOf(query), ...(keyIds !== undefined && { keyIds }) }, signal);
      return { ok: true, value: undefined, pieces: { name: 'calls.csv', of: lines } };
    },
    'requestLogs.errors': async ({ query }, { principal }) => {
      const sinceMs = query.from === undefined && query.to === undefined ? parts.clock.nowMs() - DAY_MS : undefined;
      return pageOf(parts, query, principal, { failedOnly: true, ...(sinceMs !== undefined && { fromMs: sinceMs }) });
    },
    'requestLogs.retell': async ({ params }, { principal }) => {
      const keyIds = await ownKeys(parts, principal);
      const asked = { requestId: params.request_id, limit: ATTEMPTS_MAX };
      const retold = retell(await parts.calls.page({ ...asked, ...(keyIds !== undefined && { keyIds }) }));
      if (retold !== undefined) return done(retold);
      const message = `There is no request \`${params.request_id.slice(0, 100)}\` in the log. Ids stand in the answer's \`x-request-id\`.`;
      return refused({ code: 'NOT_FOUND', message });
    },
    'requestLogs.stats': async () => done({ stats: await readStats(parts.stats) }),
    'requestLogs.payloads': async ({ params }) => {
      const kept = await parts.payloads.read(params.request_id, PAYLOADS_MAX);
      if (kept.length === 0) return refused(NOTHING_KEPT);
      const { request_id } = params;
      return done(
        { request_id, payloads: kept.map(presentPayloads) },
        { resource: 'payloads', resourceId: request_id },
      );
    },
    'requestLogs.cleanup': async () => {
      const removed = await parts.retention.removeCalls(parts.clock.nowMs() - parts.keptDays * DAY_MS, REMOVED_MAX);
      const message = `${removed} attempts older than ${parts.keptDays} days were removed.`;
      return done({ message, removed }, { resource: 'request-logs', after: { removed } });
    },
  };
}

/** Keys whose calls this one may see; `undefined` for all. */
async function ownKeys({ rows }: RequestLogParts, principal: Principal | undefined) {
  const owner = ownerFor(principal);
  return owner === undefined ? undefined : (await rows.apiKeys.all({ userId: owner })).map(({ id }) => id);
}

/** Of those, the one that was asked for; `undefined` for all. */
async function reachedKeys(
  parts: RequestLogParts,
  keyId: string | undefined,
  principal: Principal | undefined,
): Promise<readonly string[] | undefined> {
  const own = await ownKeys(parts, principal);
  const asked = keyId === undefined ? undefined : [keyId];
  return own === undefined ? asked : (asked?.filter((id) => own.includes(id)) ?? own);
}

async function pageOf(
  parts: RequestLogParts,
  query: LogQuery,
  principal: Principal | undefined,
  more: Partial<CallQuery>,
) {
  const beforeId = query.before === undefined ? undefined : Number(query.before);
  if (beforeId !== undefined && !Number.isSafeInteger(beforeId))
    return refused(invalid('before', 'Send the `next` of the page before.'));
  const keyIds = await reachedKeys(parts, query.key_id, principal);
  const calls = await parts.calls.page({
    limit: query.limit,
    ...callQueryOf(query),
    ...more,
    ...(beforeId !== undefined && { beforeId }),
    ...(keyIds !== undefined && { keyIds }),
  });
  const last = calls.length < query.limit ? undefined : calls.at(-1);
  return done({
    logs: calls.map(presentLog),
    total: calls.length,
    ...(last !== undefined && { next: String(last.id) }),
  });
}
