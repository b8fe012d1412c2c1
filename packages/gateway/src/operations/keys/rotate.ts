import { roleOf, type OperationFailure } from '@patchbay/contract';

import type { ApiKeyRecord } from '../../storage/records.ts';
import { changeRow, type Decision } from '../change-row.ts';
import { done, refused, type Handler } from '../handler.ts';
import { mayGive, NOT_TO_GIVE } from './create.ts';
import { KEY_NOT_FOUND, ownKey } from './handlers.ts';
import { mintUserKey } from './mint-key.ts';
import type { KeyParts } from './parts.ts';
import { presentKey } from './present-key.ts';

/**
 * Gives a key a new text and shows it, this once. The one of now opens on as the same key for as long as is asked; one from
 * before the last rotation ends at once, so that a key never has more than two.
 */
export const rotateKey =
  (parts: KeyParts): Handler<'keys.rotate'> =>
  async ({ params, body: { grace_seconds: graceS, version } }, { principal }) => {
    const row = await ownKey(parts, params.id, principal);
    if (row === undefined || row.kind !== 'key') return refused(KEY_NOT_FOUND);
    const role = row.role === undefined ? undefined : roleOf(row.role);
    if (role !== undefined && !mayGive(principal, role)) return refused(NOT_TO_GIVE);
    const { text, row: made } = mintUserKey('key', parts.hashOf);
    const nowMs = parts.clock.nowMs();
    const decide = ({ isActive, keyHash, expiresAtMs = Infinity }: ApiKeyRecord): Decision<ApiKeyRecord> => {
      if (!isActive || expiresAtMs <= nowMs) return { ok: false, failure: OPENS_NOTHING };
      const older = graceS === 0 ? {} : { olderKeyHash: keyHash, olderKeyEndsAtMs: nowMs + graceS * 1000 };
      return { ok: true, changes: { ...made, olderKeyHash: undefined, olderKeyEndsAtMs: undefined, ...older } };
    };
    const changed = await changeRow(parts.rows.apiKeys, { row, expected: version, decide, missing: KEY_NOT_FOUND });
    if (!changed.ok) return changed;
    await parts.serveNow();
    const [before, after] = [presentKey(changed.before), presentKey(changed.after)];
    const until = after.older_ends_at === null ? 'has ended' : `works until ${after.older_ends_at}`;
    const message = `Keep the key now: it is not shown again. The old one ${until}.`;
    return done({ ...after, key: text, message }, { resource: 'api-key', resourceId: row.id, before, after });
  };

const OPENS_NOTHING: OperationFailure = {
  code: 'CONFLICT',
  message:
    'This key opens nothing: it is switched off, or has ended. Switch it on or move its end first, or make another.',
};
