import type { Account } from '@patchbay/contract/resources/account';
import type { Seat } from '@patchbay/llm/credentials/seat';
import { authKindOf } from '@patchbay/llm/credentials/signers/credential-of-auth-data';
import type { Clock } from '@patchbay/llm/model/clock';

import type { AccountRecord } from '../../storage/records.ts';
import { masked, type HeldAuth, type Members } from './auth-data.ts';
import type { AccountParts } from './parts.ts';
import { timestampOrNull } from '../timestamp.ts';

/** A row's `auth_data`, opened where it can be. */
export async function heldAuth({ secrets }: Pick<AccountParts, 'secrets'>, row: AccountRecord): Promise<HeldAuth> {
  const stored = membersOf(row.authData);
  const opened = await secrets.openAuthData(row.id, stored);
  return { stored, opened: opened.ok ? membersOf(opened.value) : stored };
}

/** A row as its owner may see it, and how it fares now. */
export async function presentAccount(parts: AccountParts, row: AccountRecord): Promise<Account> {
  const { opened } = await heldAuth(parts, row);
  const seat = seatOf(parts, row);
  return { ...shown(row, opened), ...(seat && coolingOf(seat, parts.clock)) };
}

/** A row for the audit log: of its secrets nothing can be shown, because they are not opened. */
export const auditedAccount = (row: AccountRecord): object => shown(row, membersOf(row.authData));

/** The account among those that calls choose from. */
export const seatOf = ({ registry }: Pick<AccountParts, 'registry'>, row: AccountRecord): Seat | undefined =>
  registry
    .current()
    .runtimes.get(row.providerId)
    ?.pool.seats.find(({ id }) => id === row.id);

function shown(row: AccountRecord, opened: Members): Account {
  return {
    id: row.id,
    provider_id: row.providerId,
    label: row.label,
    auth_kind: authKindOf(opened) ?? 'api_key',
    auth_data: masked(opened) as Record<string, unknown>,
    metadata: row.metadata,
    is_active: row.isActive,
    // What the database allows in this column is what the contract names.
    health_status: row.healthStatus as Account['health_status'],
    failure_count: row.failureCount,
    last_error_at: timestampOrNull(row.lastErrorAtMs),
    last_error_msg: row.lastErrorMsg ?? null,
    last_success_at: timestampOrNull(row.lastSuccessAtMs),
    last_used_at: timestampOrNull(row.lastUsedAtMs),
    usage_count: row.usageCount,
    expires_at: timestampOrNull(row.expiresAtMs),
    proxy_id: row.proxyId ?? null,
    proxy_url: row.proxyUrl ?? null,
    created_by: row.createdBy ?? null,
    created_at: new Date(row.createdAtMs).toISOString(),
    updated_at: new Date(row.updatedAtMs).toISOString(),
    version: row.version,
  };
}

function coolingOf(seat: Seat, clock: Clock): Pick<Account, 'cooling'> {
  const now = clock.monotonicMs();
  const [rest] = [...seat.rests(now)].sort((a, b) => b.untilMs - a.untilMs);
  if (rest === undefined) return {};
  const until = new Date(clock.nowMs() + Math.max(0, rest.untilMs - now)).toISOString();
  const { reason, model } = rest;
  return { cooling: { until, reason, ...(model !== undefined && { model }) } };
}

const membersOf = (value: unknown): Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
