import type { Catalog } from '@patchbay/llm/catalog/catalog';
import { loadCatalog } from '@patchbay/llm/catalog/load-catalog';

/** The catalogue of models, for those who can wait for it and those who cannot. */
export interface HeldCatalog {
  readonly whenRead: Promise<Catalog>;
  /** `undefined` in the first moments of a process, until it was read. */
  now(): Catalog | undefined;
}

/** Begins to read the catalogue. */
export function holdCatalog(): HeldCatalog {
  let held: Catalog | undefined;
  const whenRead = loadCatalog().then((catalog) => (held = catalog));
  return { whenRead, now: () => held };
}
