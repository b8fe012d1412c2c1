import { done, refused, type Handler } from '../handler.ts';
import type { ManagementParts } from '../ports.ts';
import { findProvider, providerNotFound } from './find-provider.ts';
import { showProvider } from './show-provider.ts';
import { countModels } from './update.ts';

/** One provider, by id or identifier. */
export const getProvider =
  (parts: ManagementParts): Handler<'providers.get'> =>
  async ({ params: { id } }) => {
    const row = await findProvider(parts.rows, id);
    if (row === undefined) return refused(providerNotFound(id));
    return done(await showProvider(parts.secrets, row, { modelCount: await countModels(parts, row) }));
  };
