import { ROLE_PERMISSIONS, roleOf, type OperationFailure, type Role } from '@patchbay/contract';
import type { KeyCapture, KeyLimits } from '@patchbay/contract/resources/api-key';
import type { JsonObject } from '@patchbay/llm/model/json';

import type { Principal } from '../../identity/principal.ts';
import { done, refused, type Handler } from '../handler.ts';
import { invalid } from '../users/failures.ts';
import { mintUserKey } from './mint-key.ts';
import { ownerFor } from './owner-for.ts';
import type { KeyParts } from './parts.ts';
import { presentKey } from './present-key.ts';

/** Makes a key and shows its text, this once. */
export const createKey =
  (parts: KeyParts): Handler<'keys.create'> =>
  async ({ body }, { principal }) => {
    const { label, role: asked, limits = {}, capture, expires_at: expiresAt } = body;
    const role = asked === undefined ? undefined : roleOf(asked);
    if (asked !== undefined && role === undefined)
      return refused(invalid('role', `There is no role ${asked}. Roles: ${Object.keys(ROLE_PERMISSIONS).join(', ')}.`));
    if (role !== undefined && !mayGive(principal, role)) return refused(NOT_TO_GIVE);
    if (capture !== undefined && capture !== 'inherit' && ownerFor(principal) !== undefined)
      return refused(CAPTURE_IS_GIVEN);
    const expiresAtMs = expiresAt === undefined ? undefined : Date.parse(expiresAt);
    const nowMs = parts.clock.nowMs();
    if (expiresAtMs !== undefined && expiresAtMs <= nowMs)
      return refused(invalid('expires_at', 'This time has passed. Name a later one.'));
    const made = mintUserKey('key', parts.hashOf);
    const inserted = await parts.rows.apiKeys.insert({
      ...made.row,
      id: parts.newId(),
      label,
      ...(principal?.kind === 'loopback' || principal === undefined ? {} : { userId: principal.id }),
      ...(role !== undefined && { role }),
      isActive: true,
      limits: asJson(limits),
      ...captured(capture),
      ...(expiresAtMs !== undefined && { expiresAtMs }),
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    });
    if (inserted.kind !== 'inserted') throw new Error('Two keys were made alike.');
    await parts.serveNow();
    const shown = presentKey(inserted.row);
    const message = 'Keep the key now: it is not shown again.';
    return done({ ...shown, key: made.text, message }, { resource: 'api-key', resourceId: shown.id, after: shown });
  };

/** Nobody gives what he has not: every permission of the role must be the giver's own. */
export const mayGive = (principal: Principal | undefined, role: Role): boolean =>
  principal !== undefined && ROLE_PERMISSIONS[role].every((each) => principal.permissions.has(each));

/** Limits as the row holds them; members that are absent stay so. */
export const asJson = (limits: KeyLimits): JsonObject => JSON.parse(JSON.stringify(limits)) as JsonObject;

/** What a row says of it: nothing where it is as for all. */
export const captured = (capture: KeyCapture = 'inherit'): { readonly capture?: string } =>
  capture === 'inherit' ? {} : { capture };

/** Whose calls are kept is the operator's to say. */
export const CAPTURE_IS_GIVEN: OperationFailure = {
  code: 'INSUFFICIENT_PERMISSIONS',
  message: 'Whether the bodies of a key’s calls are kept is said by administrators. Ask one.',
};

/** Whoever gets the text of a key may what the key may. */
export const NOT_TO_GIVE: OperationFailure = {
  code: 'INSUFFICIENT_PERMISSIONS',
  message: 'This role may do more than you may. Ask an administrator to make the key.',
};
