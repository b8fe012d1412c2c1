import type { OperationFailure } from '@patchbay/contract';
import type { MAPPING_OPERATIONS } from '@patchbay/contract/operations/mappings';
import type { Clock } from '@patchbay/llm/model/clock';

import type { Principal } from '../../identity/principal.ts';
import type { MappingRecord } from '../../storage/records.ts';
import { changeRow } from '../change-row.ts';
import { done, refused, type Handler, type Handlers } from '../handler.ts';
import { windowOf } from '../page-of.ts';
import type { Rows } from '../ports.ts';
import { presentMapping } from './present-mapping.ts';

/** What operations on mappings need. */
export interface MappingParts {
  readonly rows: Pick<Rows, 'mappings'>;
  /** True for a provider of the settings, of a row or of the product. */
  readonly isProvider: (id: string) => boolean;
  /** Makes what was written serve at once; without it, that takes up to a second. */
  readonly serveNow: () => Promise<void>;
  readonly clock: Clock;
  readonly newId: () => string;
}

/** Names that stand for models: one's own, and everybody's. */
export function mappingHandlers(parts: MappingParts): Handlers<keyof typeof MAPPING_OPERATIONS> {
  const { rows } = parts;
  return {
    'mappings.list': async ({ query }, { principal }) => {
      const mine = await seenBy(parts, principal);
      const found = mine.filter(
        ({ alias, modelName }) =>
          query.search === undefined || `${alias} ${modelName}`.toLowerCase().includes(query.search.toLowerCase()),
      );
      const { limit, offset } = windowOf(query);
      const data = found.slice(offset, offset + limit).map(presentMapping);
      return done({ data, total: found.length, page: query.page, limit: query.limit });
    },
    'mappings.create': createMapping(parts),
    'mappings.get': async ({ params }, { principal }) => {
      const row = await named(parts, params.alias, principal);
      return row === undefined ? refused(MAPPING_NOT_FOUND) : done(presentMapping(row));
    },
    'mappings.update': updateMapping(parts),
    'mappings.delete': async ({ params }, { principal }) => {
      const row = await named(parts, params.alias, principal);
      if (row === undefined) return refused(MAPPING_NOT_FOUND);
      if (!mayChange(principal, row)) return refused(GLOBAL);
      await rows.mappings.remove(row.id);
      await parts.serveNow();
      const before = presentMapping(row);
      return done(
        { message: `The mapping ${row.alias} was removed.` },
        { resource: 'mapping', resourceId: row.id, before },
      );
    },
  };
}

const createMapping =
  (parts: MappingParts): Handler<'mappings.create'> =>
  async ({ body }, { principal }) => {
    const isGlobal = body.is_global || principal?.kind === 'loopback';
    if (body.is_global && !isAdministrator(principal)) return refused(GLOBAL);
    if (!parts.isProvider(body.provider_id)) return refused(noProvider(body.provider_id));
    const nowMs = parts.clock.nowMs();
    const inserted = await parts.rows.mappings.insert({
      id: parts.newId(),
      alias: body.alias,
      providerId: body.provider_id,
      modelName: body.model_name,
      ...(body.description && { description: body.description }),
      enabled: body.enabled,
      priority: body.priority,
      ...(isGlobal || principal === undefined ? {} : { ownerId: principal.id }),
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    });
    if (inserted.kind === 'duplicate') return refused(taken(body.alias));
    await parts.serveNow();
    const after = presentMapping(inserted.row);
    return done(after, { resource: 'mapping', resourceId: after.id, after });
  };

const updateMapping =
  (parts: MappingParts): Handler<'mappings.update'> =>
  async ({ params, body }, { principal }) => {
    const row = await named(parts, params.alias, principal);
    if (row === undefined) return refused(MAPPING_NOT_FOUND);
    const {
      provider_id: providerId,
      model_name: modelName,
      description,
      enabled,
      priority,
      is_global: isGlobal,
    } = body;
    if (!mayChange(principal, row) || (isGlobal === true && !isAdministrator(principal))) return refused(GLOBAL);
    if (providerId !== undefined && !parts.isProvider(providerId)) return refused(noProvider(providerId));
    const changes = {
      ...(providerId !== undefined && { providerId }),
      ...(modelName !== undefined && { modelName }),
      ...(description !== undefined && { description: description ?? undefined }),
      ...(enabled !== undefined && { enabled }),
      ...(priority !== undefined && { priority }),
      ...(isGlobal !== undefined && { ownerId: isGlobal ? undefined : (row.ownerId ?? principal?.id) }),
    };
    const changed = await changeRow(parts.rows.mappings, {
      row,
      expected: body.version,
      decide: () => ({ ok: true, changes }),
      missing: MAPPING_NOT_FOUND,
      taken: taken(row.alias),
    });
    if (!changed.ok) return changed;
    await parts.serveNow();
    const [before, after] = [presentMapping(changed.before), presentMapping(changed.after)];
    return done(after, { resource: 'mapping', resourceId: row.id, before, after });
  };

const isAdministrator = (principal: Principal | undefined): boolean =>
  principal?.permissions.has('mappings:write') === true;

const mayChange = (principal: Principal | undefined, row: MappingRecord): boolean =>
  isAdministrator(principal) || (row.ownerId !== undefined && row.ownerId === principal?.id);

/** One's own and everybody's; administrators see those of all. The highest priority comes first. */
async function seenBy({ rows }: MappingParts, principal: Principal | undefined): Promise<readonly MappingRecord[]> {
  const all = await rows.mappings.all();
  const seen = all.filter(
    ({ ownerId }) => isAdministrator(principal) || ownerId === undefined || ownerId === principal?.id,
  );
  return seen.toSorted((one, other) => other.priority - one.priority || one.alias.localeCompare(other.alias));
}

/** By its id; or by its alias, where one's own comes before everybody's, and that before others'. */
async function named(
  parts: MappingParts,
  alias: string,
  principal: Principal | undefined,
): Promise<MappingRecord | undefined> {
  const seen = await seenBy(parts, principal);
  const exact = seen.find(({ id }) => id === alias);
  if (exact !== undefined) return exact;
  const same = seen.filter((each) => each.alias === alias);
  const own = same.find(({ ownerId }) => ownerId !== undefined && ownerId === principal?.id);
  return own ?? same.find(({ ownerId }) => ownerId === undefined) ?? same[0];
}

const MAPPING_NOT_FOUND: OperationFailure = {
  code: 'NOT_FOUND',
  message: 'There is no mapping with this alias. GET /api/v1/model-mappings lists yours.',
};

const GLOBAL: OperationFailure = {
  code: 'INSUFFICIENT_PERMISSIONS',
  message: 'Mappings for everybody are the administrators’ to change. Make one of your own with the same alias.',
};

const noProvider = (id: string): OperationFailure => ({
  code: 'PROVIDER_NOT_FOUND',
  field: 'provider_id',
  message: `provider not found: ${id}`,
});

const taken = (alias: string): OperationFailure => ({
  code: 'ALREADY_EXISTS',
  field: 'alias',
  message: `There is a mapping with the alias ${alias} already. Change that one.`,
});
