import type { UpdateModel } from '@patchbay/contract/resources/model';

import { done, refused, type Answer, type Handler } from '../handler.ts';
import type { ManagementParts } from '../ports.ts';
import { serveNow } from '../serve-now.ts';
import { showModel } from './show-model.ts';
import { changeModel } from './write-model.ts';

type Shown = ReturnType<typeof showModel>;

/** Changes what was sent of a model. */
export const updateModel =
  (parts: ManagementParts): Handler<'models.update'> =>
  ({ params: { id }, body }) =>
    change(parts, id, body);

/** Switches a model on or off. */
export const setModelStatus =
  (parts: ManagementParts): Handler<'models.setStatus'> =>
  ({ params: { id }, body: { status } }) =>
    change(parts, id, { status });

/** Makes a model its provider's default; the former one is no longer. */
export const setDefaultModel =
  (parts: ManagementParts): Handler<'models.setDefault'> =>
  ({ params: { id } }) =>
    change(parts, id, { isDefault: true });

async function change(parts: ManagementParts, id: string, sent: UpdateModel): Promise<Answer<Shown>> {
  const changed = await parts.rows.transaction((rows) => changeModel(rows, id, sent));
  if (!changed.ok) return refused(changed.failure);
  await serveNow(parts);
  const [before, after] = [showModel(changed.before), showModel(changed.after)];
  return done(after, { resource: 'model', resourceId: after.id, before, after });
}
