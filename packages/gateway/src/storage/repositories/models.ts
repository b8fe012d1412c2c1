import { sql } from 'kysely';

import type { Models } from '../ports.ts';
import { MODELS } from './resources.ts';
import { createRepository, type RepositoryParts } from './table-repository.ts';

/** Models of providers, and how many each provider has. */
export function createModels(parts: RepositoryParts): Models {
  return Object.assign(createRepository(parts, MODELS), {
    countByProvider: async (providerIds: readonly string[]) => {
      if (providerIds.length === 0) return new Map<string, number>();
      const { rows } = await sql<{ provider_id: string; models: number }>`
        select provider_id, count(*) as models from models where provider_id in (${sql.join([...providerIds])}) group by provider_id
      `.execute(parts.database);
      return new Map(rows.map(({ provider_id, models }) => [provider_id, Number(models)]));
    },
  });
}
