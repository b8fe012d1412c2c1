import { done, refused, type Handler } from '../handler.ts';
import type { ManagementParts } from '../ports.ts';
import { serveNow } from '../serve-now.ts';
import { findModel, modelNotFound } from './find-model.ts';
import { showModel } from './show-model.ts';

/** Removes a model. */
export const deleteModel =
  (parts: ManagementParts): Handler<'models.delete'> =>
  async ({ params: { id } }) => {
    const row = await findModel(parts.rows, id);
    const removed = row && (await parts.rows.models.remove(row.id));
    if (row === undefined || removed?.kind === 'missing') return refused(modelNotFound(id));
    await serveNow(parts);
    return done(undefined as never, { resource: 'model', resourceId: row.id, before: showModel(row) });
  };
