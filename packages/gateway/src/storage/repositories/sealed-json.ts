import { isSealed, type Sealer, type SealPlace } from '@patchbay/llm/credentials/seal';
import { Secret } from '@patchbay/llm/credentials/secret';
import { failed, ok, type Failure, type Result } from '@patchbay/llm/model/failure';

import type { JsonWithSecrets } from '../records.ts';

/** `value` with every secret in it sealed for its own place; texts that are sealed already stay. */
export const sealSecrets = (sealer: Sealer, value: JsonWithSecrets, place: SealPlace): Promise<JsonWithSecrets> =>
  mapLeaves(value, place, (leaf, at) => (leaf instanceof Secret ? sealer.seal(leaf, at) : leaf));

/** `value` with every sealed text opened; the first that does not open fails the whole, by name. */
export async function openSecrets(
  sealer: Sealer,
  value: JsonWithSecrets,
  place: SealPlace,
): Promise<Result<JsonWithSecrets>> {
  const failures: Failure[] = [];
  const opened = await mapLeaves(value, place, async (leaf, at) => {
    if (typeof leaf !== 'string' || !isSealed(leaf)) return leaf;
    const result = await sealer.open(leaf, at);
    if (result.ok) return result.value;
    failures.push(result.failure);
    return null;
  });
  return failures[0] === undefined ? ok(opened) : failed(failures[0]);
}

type Leaf = Exclude<JsonWithSecrets, readonly unknown[] | { readonly [name: string]: unknown }> | Secret;
type Change = (leaf: Leaf, at: SealPlace) => JsonWithSecrets | Promise<JsonWithSecrets>;

async function mapLeaves(value: JsonWithSecrets, place: SealPlace, change: Change): Promise<JsonWithSecrets> {
  if (value === null || typeof value !== 'object' || value instanceof Secret) return change(value, place);
  const entries = await Promise.all(
    Object.entries(value as Readonly<Record<string, JsonWithSecrets | undefined>>).map(
      async ([name, each]) =>
        [name, each === undefined ? undefined : await mapLeaves(each, inside(place, name), change)] as const,
    ),
  );
  return Array.isArray(value) ? entries.map(([, each]) => each ?? null) : Object.fromEntries(entries);
}

/** As in a JSON pointer, so that no name can be taken for a path. */
const inside = (place: SealPlace, name: string): SealPlace => ({
  ...place,
  field: `${place.field}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
});
