import type { ModelRecord, ProviderRecord } from '../storage/records.ts';
import type { Seen } from './row-mirror.ts';
import type { ListedModel } from './snapshot.ts';

/** Models that rows name, by provider and by name. Follows changes; lists it has given away it never touches again. */
export class ModelIndex {
  readonly #lists = new Map<string, ReadonlyMap<string, ListedModel>>();
  readonly #owners = new Map<string, Set<string>>();
  /** Where each row stands: its provider's name and its own. */
  readonly #places = new Map<string, { readonly provider: string; readonly identifier: string }>();
  /** Rows whose provider is not there yet. */
  readonly #waiting = new Map<string, ModelRecord>();

  /** Takes changes in; true when a list is another now. */
  update(
    models: Seen<ModelRecord>,
    identifierOf: (providerId: string) => string | undefined,
    providers: Seen<ProviderRecord>,
  ): boolean {
    const touched = new Map<string, Map<string, ListedModel>>();
    const listOf = (provider: string): Map<string, ListedModel> => {
      const list = touched.get(provider) ?? new Map(this.#lists.get(provider));
      touched.set(provider, list);
      return list;
    };
    for (const { id } of models.gone) this.#drop(id, listOf);
    const late = providers.changed.length === 0 ? [] : [...this.#waiting.values()];
    for (const row of [...late, ...models.changed]) this.#place(row, identifierOf(row.providerId), listOf);
    for (const [provider, list] of touched) {
      if (list.size === 0) this.#lists.delete(provider);
      else this.#lists.set(provider, list);
    }
    return touched.size > 0;
  }

  #place(row: ModelRecord, provider: string | undefined, listOf: (provider: string) => Map<string, ListedModel>): void {
    this.#drop(row.id, listOf);
    if (provider === undefined) return void this.#waiting.set(row.id, row);
    this.#waiting.delete(row.id);
    this.#places.set(row.id, { provider, identifier: row.identifier });
    listOf(provider).set(row.identifier, row);
    if (row.status !== 'active') return;
    const owners = this.#owners.get(row.identifier);
    if (owners === undefined) this.#owners.set(row.identifier, new Set([provider]));
    else owners.add(provider);
  }

  #drop(id: string, listOf: (provider: string) => Map<string, ListedModel>): void {
    this.#waiting.delete(id);
    const place = this.#places.get(id);
    if (place === undefined) return;
    this.#places.delete(id);
    listOf(place.provider).delete(place.identifier);
    const owners = this.#owners.get(place.identifier);
    owners?.delete(place.provider);
    if (owners?.size === 0) this.#owners.delete(place.identifier);
  }

  lists(): ReadonlyMap<string, ReadonlyMap<string, ListedModel>> {
    return new Map(this.#lists);
  }

  providersOf(identifier: string): readonly string[] {
    return [...(this.#owners.get(identifier) ?? [])];
  }
}
