import fc from 'fast-check';
import type { Extras, WireFormatId } from '../../src/model/extras.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';

/** Any text, lone surrogates included, kept short so that many runs are cheap. */
export const text = fc.string({ unit: 'binary', maxLength: 6 });

export const someText = fc.string({ unit: 'binary', minLength: 1, maxLength: 6 });

/** Text that holds more than white space. */
export const word = fc.string({ minLength: 1, maxLength: 8 }).filter((each) => each.trim() !== '');

const leaf: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(null, true, false, 0, -1, 1.5, 1e300, '', 'text'),
  fc.integer(),
  text,
);
const memberName = fc.constantFrom('', 'a', 'type', '__proto__', 'constructor', '1');
const objectOf = (value: fc.Arbitrary<Json>): fc.Arbitrary<JsonObject> =>
  fc.dictionary(memberName, value, { maxKeys: 3, noNullPrototype: true }).map(plainly<JsonObject>);

/** Any JSON, flat and small, because thousands of runs make thousands of it. */
export const json: fc.Arbitrary<Json> = fc.oneof(
  { weight: 4, arbitrary: leaf },
  { weight: 1, arbitrary: fc.array(leaf, { maxLength: 2 }) },
  { weight: 1, arbitrary: objectOf(leaf) },
);

export const jsonObject = objectOf(json);

/** As it would be after a journey through bytes: no `-0`, nothing but plain objects. */
export function plainly<Value>(value: unknown): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}

/** At least one member that no format knows. */
export const unknownMembers: fc.Arbitrary<JsonObject> = fc.dictionary(fc.constantFrom('x_one', 'x_two'), json, {
  minKeys: 1,
  maxKeys: 2,
  noNullPrototype: true,
});

/** Those members as a part, a message or a request keeps them. */
export const extrasOf = (format: WireFormatId): fc.Arbitrary<Extras> =>
  unknownMembers.map((members) => ({ [format]: members }));

/** An object with all of `always` and any of `sometimes`. */
export const some = <Always extends object, Sometimes extends object>(
  always: { [Name in keyof Always]: fc.Arbitrary<Always[Name]> },
  sometimes: { [Name in keyof Sometimes]: fc.Arbitrary<Sometimes[Name]> },
): fc.Arbitrary<Always & Partial<Sometimes>> =>
  fc.record(
    { ...always, ...sometimes } as { [Name in keyof (Always & Sometimes)]: fc.Arbitrary<(Always & Sometimes)[Name]> },
    // The names are those of `always` by construction.
    { requiredKeys: Object.keys(always) as never[], noNullPrototype: true },
  ) as unknown as fc.Arbitrary<Always & Partial<Sometimes>>;

/** A breakpoint as callers write it. */
export const cacheControl: fc.Arbitrary<JsonObject> = fc.constantFrom(
  { type: 'ephemeral' },
  { type: 'ephemeral', ttl: '1h' },
);

export const base64 = fc.constantFrom('', 'aGk=', 'iVBORw0KGgo=');
export const name = fc.constantFrom('look_up', 'send', 'constructor', 'x');
export const fraction = fc.double({ min: 0, max: 1, noNaN: true }).map((each) => each + 0);
