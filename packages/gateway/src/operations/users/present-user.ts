import { roleOf, ROLE_PERMISSIONS } from '@patchbay/contract';
import type { User } from '@patchbay/contract/resources/user';

import type { UserRecord } from '../../storage/records.ts';
import { timestamp } from '../timestamp.ts';

/** A user as others see it: without the hash of its password. */
export function presentUser(row: UserRecord): User {
  const role = roleOf(row.role) ?? 'viewer';
  return {
    id: row.id,
    username: row.username,
    email: row.email,
    role,
    status: row.status === 'active' ? 'active' : 'disabled',
    permissions: [...ROLE_PERMISSIONS[role]],
    preferences: row.preferences,
    ...(row.lastLoginMs !== undefined && { lastLogin: timestamp(row.lastLoginMs) }),
    createdAt: timestamp(row.createdAtMs),
    updatedAt: timestamp(row.updatedAtMs),
  };
}
