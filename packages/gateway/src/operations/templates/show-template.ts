import type { DefaultModel, ProviderConfig, Template } from '@patchbay/contract/resources/template';

import type { TemplateRecord } from '../../storage/records.ts';
import { timestamp } from '../timestamp.ts';

/** A row as the management interfaces show it; there are no secrets in templates. */
export const showTemplate = (row: TemplateRecord): Template => ({
  id: row.id,
  name: row.name,
  ...(row.description !== undefined && { description: row.description }),
  ...(row.category !== undefined && { category: row.category }),
  // What was validated when it was written, or is as somebody wrote it by hand.
  providerConfig: row.providerConfig as unknown as ProviderConfig,
  defaultModels: row.defaultModels as unknown as DefaultModel[],
  isSystem: row.isSystem,
  ...(row.createdBy !== undefined && { createdBy: row.createdBy }),
  createdAt: timestamp(row.createdAtMs),
  updatedAt: timestamp(row.updatedAtMs),
  version: row.version,
});

/** What of a template goes into a file. */
export const exportedTemplate = ({ name, description, category, providerConfig, defaultModels }: TemplateRecord) => ({
  name,
  ...(description !== undefined && { description }),
  ...(category !== undefined && { category }),
  providerConfig,
  defaultModels,
});
