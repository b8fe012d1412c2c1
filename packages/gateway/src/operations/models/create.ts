import { done, refused, type Handler } from '../handler.ts';
import type { ManagementParts } from '../ports.ts';
import { findProvider, providerNotFound } from '../providers/find-provider.ts';
import { serveNow } from '../serve-now.ts';
import { showModel } from './show-model.ts';
import { addModel, newModel } from './write-model.ts';

/** Adds a model to a provider; it serves at once. */
export const createModel =
  (parts: ManagementParts): Handler<'models.create'> =>
  async ({ params: { providerId }, body }) => {
    const provider = await findProvider(parts.rows, providerId);
    if (provider === undefined) return refused(providerNotFound(providerId));
    const model = newModel(parts, provider, body);
    const added = await parts.rows.transaction((rows) => addModel(rows, provider, model));
    if (!added.ok) return refused(added.failure);
    await serveNow(parts);
    const shown = showModel(added.row);
    return done(shown, { resource: 'model', resourceId: shown.id, after: shown });
  };
