import { createCatalog, type Catalog } from './catalog.ts';
import type { CatalogData } from './catalog-data.ts';

/**
 * The catalogue of this release. Its data is read at the first call and not before, so that programs that never ask for
 * a price do not pay for one.
 */
export async function loadCatalog(): Promise<Catalog> {
  const { default: data } = await import('./models.json', { with: { type: 'json' } });
  // The type of the file is what happens to stand in it; a test holds it to `CatalogData`.
  return createCatalog(data as unknown as CatalogData);
}
