import { roleOf } from '@patchbay/contract';
import type { AccountUser } from '@patchbay/contract/resources/account-user';

import type { UserRecord } from '../../storage/records.ts';

/** A user as the accounts interface shows it. */
export const presentAccountUser = (row: UserRecord): AccountUser => ({
  id: row.id,
  username: row.username,
  role: roleOf(row.role) ?? 'viewer',
  is_active: row.status === 'active',
  created_at: new Date(row.createdAtMs).toISOString(),
  updated_at: new Date(row.updatedAtMs).toISOString(),
});
