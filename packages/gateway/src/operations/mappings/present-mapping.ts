import type { Mapping } from '@patchbay/contract/resources/mapping';

import type { MappingRecord } from '../../storage/records.ts';

/** A mapping as the interface shows it. */
export const presentMapping = (row: MappingRecord): Mapping => ({
  id: row.id,
  alias: row.alias,
  provider_id: row.providerId,
  model_name: row.modelName,
  description: row.description ?? null,
  enabled: row.enabled,
  priority: row.priority,
  owner_id: row.ownerId ?? null,
  is_global: row.ownerId === undefined,
  created_at: new Date(row.createdAtMs).toISOString(),
  updated_at: new Date(row.updatedAtMs).toISOString(),
  version: row.version,
});
