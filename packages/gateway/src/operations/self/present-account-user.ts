import { roleOf } from '@patchbay/contract';
import type { AccountUser } from '@patchbay/contract/resources/account-user';

import type { UserRecord } from '../../storage/records.ts';
import { timestamp } from '../timestamp.ts';

/** A user as the accounts interface shows it. */
export const presentAccountUser = (row: UserRecord): AccountUser => ({
  id: row.id,
  username: row.username,
  role: roleOf(row.role) ?? 'viewer',
  is_active: row.status === 'active',
  created_at: timestamp(row.createdAtMs),
  updated_at: timestamp(row.updatedAtMs),
});
