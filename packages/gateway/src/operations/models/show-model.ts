import type { ModelCapabilities } from '@patchbay/contract/resources/capabilities';
import type { Model, PricingInfo } from '@patchbay/contract/resources/model';

import type { ModelRecord } from '../../storage/records.ts';
import { timestamp } from '../timestamp.ts';

/** A row as the management interfaces show it. */
export const showModel = (row: ModelRecord): Model => ({
  id: row.id,
  providerId: row.providerId,
  identifier: row.identifier,
  name: row.name,
  ...(row.description !== undefined && { description: row.description }),
  contextLength: row.contextLength,
  // What was validated when it was written, or is as somebody wrote it by hand.
  capabilities: row.capabilities as unknown as ModelCapabilities,
  ...(row.pricingInfo && { pricingInfo: row.pricingInfo as unknown as PricingInfo }),
  status: row.status as Model['status'],
  isDefault: row.isDefault,
  createdAt: timestamp(row.createdAtMs),
  updatedAt: timestamp(row.updatedAtMs),
  version: row.version,
});
