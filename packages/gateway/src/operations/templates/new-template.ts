import type { CreateTemplate } from '@patchbay/contract/resources/template';

import type { TemplateRecord } from '../../storage/records.ts';
import type { NewRow } from '../../storage/repository.ts';
import { jsonOf } from '../json-of.ts';
import type { ManagementParts } from '../ports.ts';

/** A checked template as a new row of somebody's own. */
export function newTemplate(
  { clock, newId }: Pick<ManagementParts, 'clock' | 'newId'>,
  asked: CreateTemplate,
  createdBy: string | undefined,
): NewRow<TemplateRecord> {
  const nowMs = clock.nowMs();
  return {
    id: newId(),
    name: asked.name,
    ...(asked.description !== undefined && { description: asked.description }),
    ...(asked.category !== undefined && { category: asked.category }),
    providerConfig: jsonOf(asked.providerConfig),
    defaultModels: asked.defaultModels.map(jsonOf),
    isSystem: false,
    ...(createdBy !== undefined && { createdBy }),
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
}
