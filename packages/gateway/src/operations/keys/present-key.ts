import type { ApiKey } from '@patchbay/contract/resources/api-key';

import type { ApiKeyRecord } from '../../storage/records.ts';
import { timestampOrNull } from '../timestamp.ts';

/** A key as others see it: without its hash. */
export const presentKey = (row: ApiKeyRecord): ApiKey => ({
  id: row.id,
  key_prefix: row.keyPrefix,
  label: row.label,
  user_id: row.userId ?? null,
  role: row.role ?? null,
  is_active: row.isActive,
  limits: row.limits,
  // The column takes nothing else.
  capture: (row.capture ?? 'inherit') as ApiKey['capture'],
  expires_at: timestampOrNull(row.expiresAtMs),
  older_ends_at: timestampOrNull(row.olderKeyEndsAtMs),
  last_used_at: timestampOrNull(row.lastUsedAtMs),
  created_at: new Date(row.createdAtMs).toISOString(),
  updated_at: new Date(row.updatedAtMs).toISOString(),
  version: row.version,
});
