import fc from 'fast-check';
import { isObject } from '../../src/wire/read.ts';
import type { Json } from '../../src/model/json.ts';
import { json, plainly } from './arbitrary-values.ts';

type Container = Json[] | { [member: string]: Json };

/** Every member of the value, however deep, as the container that holds it and its name. */
function places(value: unknown): readonly (readonly [container: Container, name: string])[] {
  if (!Array.isArray(value) && !isObject(value)) return [];
  // A fresh copy: ours to change.
  const container = value as Container;
  return Object.entries(container).flatMap(([name, inner]) => [[container, name] as const, ...places(inner)]);
}

const retyped = (value: Json): Json => {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return Object.fromEntries(value.entries());
  return isObject(value) ? Object.values(value).map((each) => each ?? null) : 'true';
};

type Change = 'delete' | 'retype' | 'double' | { readonly put: Json };

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.constantFrom('delete', 'retype', 'double'),
  fc.record({ put: fc.oneof(json, fc.constantFrom<Json>(null, '', 0, -1, 1e308, [], {}, [null], 'text', true)) }),
);

function mutate(body: Json, changes: readonly (readonly [number, Change])[]): Json {
  const holder = { body: plainly<Json>(body) };
  for (const [at, how] of changes) {
    const found = places(holder);
    const [container, name] = found[at % found.length] ?? [undefined, ''];
    if (container === undefined) break;
    const slots = container as Record<string, Json>;
    const before = slots[name] ?? null;
    if (how === 'double') {
      if (Array.isArray(container)) container.push(plainly<Json>(before));
    } else if (how !== 'delete') {
      const value = plainly<Json>(how === 'retype' ? retyped(before) : how.put);
      Object.defineProperty(container, name, { value, enumerable: true, writable: true, configurable: true });
    } else if (Array.isArray(container)) container.splice(Number(name), 1);
    else delete slots[name];
  }
  return holder.body ?? null;
}

/** A legal value with one to three members deleted, replaced, given another type, or said twice. */
export const mutantOf = (legal: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  fc
    .tuple(legal, fc.array(fc.tuple(fc.nat(10_000), change), { minLength: 1, maxLength: 3 }))
    .map(([body, changes]) => mutate(body, changes));
