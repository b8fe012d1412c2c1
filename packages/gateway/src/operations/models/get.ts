import { done, refused, type Handler } from '../handler.ts';
import type { ManagementParts } from '../ports.ts';
import { findModel, modelNotFound } from './find-model.ts';
import { showModel } from './show-model.ts';

/** One model. */
export const getModel =
  ({ rows }: ManagementParts): Handler<'models.get'> =>
  async ({ params: { id } }) => {
    const row = await findModel(rows, id);
    return row === undefined ? refused(modelNotFound(id)) : done(showModel(row));
  };
