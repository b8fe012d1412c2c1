import type { OperationFailure } from '@patchbay/contract';
import type { API_KEY_OPERATIONS } from '@patchbay/contract/operations/api-keys';

import type { Principal } from '../../identity/principal.ts';
import type { ApiKeyRecord } from '../../storage/records.ts';
import type { Changes } from '../../storage/repository.ts';
import { changeRow, type Decision } from '../change-row.ts';
import { done, refused, type Handler, type Handlers } from '../handler.ts';
import { asJson, CAPTURE_IS_GIVEN, createKey } from './create.ts';
import { ownerFor } from './owner-for.ts';
import type { KeyParts } from './parts.ts';
import { presentKey } from './present-key.ts';
import { rotateKey } from './rotate.ts';

/** Keys: users reach their own, administrators all. */
export function keyHandlers(parts: KeyParts): Handlers<Exclude<keyof typeof API_KEY_OPERATIONS, 'keys.usage'>> {
  const { rows } = parts;
  return {
    'keys.list': async ({ query: { limit, offset } }, { principal }) => {
      const owner = ownerFor(principal);
      const { items, total } = await rows.apiKeys.page({
        where: { kind: 'key', ...(owner !== undefined && { userId: owner }) },
        limit,
        offset,
      });
      return done({ data: items.map(presentKey), total, limit, offset });
    },
    'keys.create': createKey(parts),
    'keys.get': async ({ params }, { principal }) => {
      const row = await ownKey(parts, params.id, principal);
      return row === undefined ? refused(KEY_NOT_FOUND) : done(presentKey(row));
    },
    'keys.update': updateKey(parts),
    'keys.rotate': rotateKey(parts),
    'keys.revoke': async ({ params }, { principal }) => {
      const row = await ownKey(parts, params.id, principal);
      if (row === undefined) return refused(KEY_NOT_FOUND);
      const decide = (current: ApiKeyRecord): Decision<ApiKeyRecord> => switched(current, false, principal);
      const changed = await changeRow(rows.apiKeys, { row, expected: undefined, decide, missing: KEY_NOT_FOUND });
      if (!changed.ok) return changed;
      await parts.serveNow();
      const change = { resource: 'api-key', resourceId: row.id, before: presentKey(row), after: { is_active: false } };
      return done({ message: `The key ${row.keyPrefix}... was revoked.` }, change);
    },
  };
}

/** The key with this id where the principal reaches it; others' are as good as absent. */
export async function ownKey(
  { rows }: Pick<KeyParts, 'rows'>,
  id: string,
  principal: Principal | undefined,
): Promise<ApiKeyRecord | undefined> {
  const row = await rows.apiKeys.get(id);
  const owner = ownerFor(principal);
  return owner === undefined || row?.userId === owner ? row : undefined;
}

const updateKey =
  (parts: KeyParts): Handler<'keys.update'> =>
  async ({ params, body }, { principal }) => {
    const { label, is_active: isActive, limits, capture, expires_at: expiresAt, older_ends_at: older, version } = body;
    const row = await ownKey(parts, params.id, principal);
    if (row === undefined) return refused(KEY_NOT_FOUND);
    const isAdministrator = ownerFor(principal) === undefined;
    // Else whoever is limited would lift the limit.
    if ((limits !== undefined || expiresAt !== undefined) && !isAdministrator) return refused(LIMITS_ARE_GIVEN);
    if (capture !== undefined && !isAdministrator) return refused(CAPTURE_IS_GIVEN);
    const changes: Changes<ApiKeyRecord> = {
      ...(label !== undefined && { label }),
      ...(limits !== undefined && { limits: asJson(limits) }),
      ...(older === null && { olderKeyHash: undefined, olderKeyEndsAtMs: undefined }),
      ...(capture !== undefined && { capture: capture === 'inherit' ? undefined : capture }),
      ...(expiresAt !== undefined && { expiresAtMs: expiresAt === null ? undefined : Date.parse(expiresAt) }),
    };
    const decide = (current: ApiKeyRecord): Decision<ApiKeyRecord> => {
      const decision = switched(current, isActive, principal);
      return decision.ok ? { ok: true, changes: { ...changes, ...decision.changes } } : decision;
    };
    const changed = await changeRow(parts.rows.apiKeys, { row, expected: version, decide, missing: KEY_NOT_FOUND });
    if (!changed.ok) return changed;
    await parts.serveNow();
    const [before, after] = [presentKey(changed.before), presentKey(changed.after)];
    return done(after, { resource: 'api-key', resourceId: row.id, before, after });
  };

/**
 * A key on or off. What somebody else switched off its owner does not switch on: whoever lost a key would open it again. One
 * of which is not known who did it counts as such.
 */
function switched(
  row: ApiKeyRecord,
  isActive: boolean | undefined,
  principal: Principal | undefined,
): Decision<ApiKeyRecord> {
  if (isActive === undefined || isActive === row.isActive) return { ok: true, changes: {} };
  if (!isActive) return { ok: true, changes: { isActive, switchedOffBy: principal?.id } };
  const isAdministrator = ownerFor(principal) === undefined;
  return isAdministrator || row.switchedOffBy === principal?.id
    ? { ok: true, changes: { isActive, switchedOffBy: undefined } }
    : { ok: false, failure: SWITCHED_OFF_BY_OTHERS };
}

/** No such key, or not one's own. */
export const KEY_NOT_FOUND: OperationFailure = {
  code: 'NOT_FOUND',
  message: 'There is no key with this id. GET /api/v1/api-keys lists yours.',
};

const LIMITS_ARE_GIVEN: OperationFailure = {
  code: 'INSUFFICIENT_PERMISSIONS',
  message: 'Limits and ends of keys are changed by administrators. Ask one.',
};

const SWITCHED_OFF_BY_OTHERS: OperationFailure = {
  code: 'INSUFFICIENT_PERMISSIONS',
  message: 'An administrator switched this key off. Ask one to switch it on, or make another key.',
};
