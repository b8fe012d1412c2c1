import { randomUUIDv7 } from 'node:crypto';

import type { JsonObject } from '@patchbay/llm/model/json';

import type { Change, Circumstances } from '../operations/handler.ts';

/** One row of the audit log, as the store takes it. */
export interface AuditEntry {
  readonly id: string;
  readonly atMs: number;
  readonly actorId?: string;
  readonly actorName: string;
  readonly action: string;
  readonly resource: string;
  readonly resourceId?: string;
  readonly before?: JsonObject;
  readonly after?: JsonObject;
  readonly requestId?: string;
  readonly peer?: string;
}

/** Where the audit log is written. */
export interface AuditLog {
  insertMany(entries: readonly AuditEntry[]): Promise<unknown>;
}

/** What was changed as rows of the audit log. */
export function auditEntries(
  changes: readonly Change[],
  action: string,
  { principal, requestId, peer }: Circumstances,
  atMs: number,
): readonly AuditEntry[] {
  return changes.map(({ resource, resourceId, before, after }) => ({
    id: randomUUIDv7(),
    atMs,
    ...(principal !== undefined && { actorId: principal.id }),
    actorName: principal?.name ?? 'anonymous',
    action,
    resource,
    ...(resourceId !== undefined && { resourceId }),
    ...(before !== undefined && { before: asJson(before) }),
    ...(after !== undefined && { after: asJson(after) }),
    requestId,
    peer,
  }));
}

/** As it would be sent: dates as texts, secrets as what they print. */
const asJson = (value: object): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject;
