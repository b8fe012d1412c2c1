import type { MappedModel, MappingTable } from '../pipeline/ports.ts';
import type { Repositories } from '../storage/ports.ts';
import type { MappingRecord } from '../storage/records.ts';
import { FollowedRows, type FollowedParts } from './followed-rows.ts';

/** What the names are read from and followed by. */
export interface MappingParts extends Pick<FollowedParts<unknown>, 'feed' | 'onError'> {
  readonly rows: Pick<Repositories, 'mappings'>;
}

/** The names that users gave to models, in memory. */
export class StoredMappings
  extends FollowedRows<ReadonlyMap<string, readonly MappingRecord[]>>
  implements MappingTable
{
  constructor({ rows, feed, onError }: MappingParts) {
    const read = async () => {
      const enabled = await rows.mappings.all({ enabled: true });
      const ordered = enabled.toSorted((one, other) => other.priority - one.priority);
      return Map.groupBy(ordered, ({ alias }) => alias);
    };
    super({ table: 'model_mappings', feed, onError, read, none: new Map() });
  }

  find(alias: string, userId: string | undefined): MappedModel | undefined {
    const rows = this.kept.get(alias);
    if (rows === undefined) return undefined;
    const own = userId === undefined ? undefined : rows.find(({ ownerId }) => ownerId === userId);
    const row = own ?? rows.find(({ ownerId }) => ownerId === undefined);
    return row && { providerId: row.providerId, model: row.modelName, isOwn: own !== undefined };
  }
}
