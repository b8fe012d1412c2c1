import type { CreateAccount, UpdateAccount } from '@patchbay/contract/resources/account';
import type { OperationFailure } from '@patchbay/contract';
import type { JsonObject } from '@patchbay/llm/model/json';

import type { Repositories } from '../../storage/ports.ts';
import type { AccountRecord } from '../../storage/records.ts';
import type { Changes } from '../../storage/repository.ts';
import { changeRow, type Decision } from '../change-row.ts';
import { done, refused, type Circumstances } from '../handler.ts';
import { assignNewAccount } from '../proxies/assignments.ts';
import { shownUrl } from '../proxies/present-proxy.ts';
import { serveNow } from '../serve-now.ts';
import { authProblem, expiryOf, mergeSent, readSent, type HeldAuth, type Members } from './auth-data.ts';
import { ACCOUNT_NOT_FOUND, providerNotFound, wrong } from './failures.ts';
import type { AccountHandlers, AccountParts } from './parts.ts';
import { auditedAccount, heldAuth, presentAccount } from './present-account.ts';
import { reachable } from './reachable.ts';

/** Adds an account; the next request may use it. */
export const createAccount =
  (parts: AccountParts): AccountHandlers['accounts.create'] =>
  async ({ body }, { principal }) => {
    const host = parts.registry.hostOf(body.provider_id);
    if (host === undefined) return refused(providerNotFound(body.provider_id));
    const auth = authOf(parts, body.auth_data, undefined);
    if (!auth.ok) return refused(auth.failure);
    const inserted = await parts.rows.transaction(async (within) => {
      const { proxy_id: asked } = body;
      const way = asked === null ? undefined : await assignNewAccount(within, asked);
      if (way === undefined && typeof asked === 'number') return { failure: noProxy(asked) };
      const { origins } = host;
      return within.accounts.insert({ ...newRow(parts, body, principal), ...auth.changes, ...way, origins });
    });
    if ('failure' in inserted) return refused(inserted.failure);
    if (inserted.kind === 'duplicate') return refused(wrong('id', 'An account with this id is there already.'));
    await serveNow(parts);
    const { row } = inserted;
    const account = await presentAccount(parts, row);
    return done(account, { resource: 'account', resourceId: row.id, after: auditedAccount(row) });
  };

function newRow({ clock, newId }: AccountParts, body: CreateAccount, principal: Circumstances['principal']) {
  const nowMs = clock.nowMs();
  return {
    id: newId(),
    providerId: body.provider_id,
    label: body.label ?? '',
    metadata: (body.metadata ?? {}) as JsonObject,
    isActive: body.is_active,
    usageCount: 0,
    healthStatus: 'healthy',
    failureCount: 0,
    ...(principal !== undefined && principal.kind !== 'loopback' && { createdBy: principal.id }),
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
}

/** Changes what was sent of an account; what it learned of its health stays unless its secret changes. */
export const updateAccount =
  (parts: AccountParts): AccountHandlers['accounts.update'] =>
  async ({ params, body }, { principal }) => {
    const row = await reachable(parts, params.id, principal);
    if (row === undefined) return refused(ACCOUNT_NOT_FOUND);
    const changed = await changeRow(parts.rows.accounts, {
      row,
      expected: body.version,
      decide: (current) => decide(parts, current, body),
      missing: ACCOUNT_NOT_FOUND,
    });
    if (!changed.ok) return refused(changed.failure);
    await serveNow(parts);
    const [before, after] = [auditedAccount(changed.before), auditedAccount(changed.after)];
    const account = await presentAccount(parts, changed.after);
    return done(account, { resource: 'account', resourceId: row.id, before, after });
  };

async function decide(parts: AccountParts, row: AccountRecord, body: UpdateAccount): Promise<Decision<AccountRecord>> {
  const held = body.auth_data === undefined ? undefined : await heldAuth(parts, row);
  const auth = held === undefined ? NOTHING : authOf(parts, body.auth_data, held);
  if (!auth.ok) return auth;
  const proxy = body.proxy_id === undefined ? {} : await proxyOf(parts.rows, body.proxy_id);
  if ('failure' in proxy) return { ok: false, failure: proxy.failure };
  // Whoever writes the secret anew says that it may go where the provider is now.
  const origins = held === undefined ? undefined : parts.registry.hostOf(row.providerId)?.origins;
  return {
    ok: true,
    changes: {
      ...(body.label !== undefined && { label: body.label }),
      ...(body.metadata !== undefined && { metadata: body.metadata as JsonObject }),
      ...(body.is_active !== undefined && { isActive: body.is_active }),
      ...auth.changes,
      ...proxy,
      ...(origins && { origins }),
    },
  };
}

const NOTHING = { ok: true, changes: {} } as const;

type Authorised =
  | { readonly ok: true; readonly changes: { readonly authData: Members; readonly expiresAtMs?: number } }
  | { readonly ok: false; readonly failure: OperationFailure };

function authOf({ clock }: AccountParts, sent: unknown, held: HeldAuth | undefined): Authorised {
  const read = readSent(sent);
  if (!read.ok) return read;
  const merged = mergeSent(read.members, held);
  if (!merged.ok) return merged;
  const failure = authProblem(merged.members);
  if (failure !== undefined) return { ok: false, failure };
  const expiresAtMs = expiryOf(merged.members, clock.nowMs());
  return { ok: true, changes: { authData: merged.members, ...(expiresAtMs !== undefined && { expiresAtMs }) } };
}

type ProxyChanges = Pick<Changes<AccountRecord>, 'proxyId' | 'proxyUrl'> | { readonly failure: OperationFailure };

/** The way out that is asked for: one proxy, or none. */
async function proxyOf(rows: Pick<Repositories, 'proxies'>, id: number | null): Promise<ProxyChanges> {
  if (id === null) return { proxyId: undefined, proxyUrl: undefined };
  const proxy = await rows.proxies.get(String(id));
  return proxy === undefined ? { failure: noProxy(id) } : { proxyId: id, proxyUrl: shownUrl(proxy.url) };
}

const noProxy = (id: number): OperationFailure => wrong('proxy_id', `There is no proxy with the id ${id}.`);
