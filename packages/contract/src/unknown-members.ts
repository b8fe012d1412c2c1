import type * as z from 'zod/mini';

/** A member that nobody asked for, and those that could have been meant. */
export interface UnknownMember {
  /** Where, with dots. */
  readonly field: string;
  readonly name: string;
  readonly known: readonly string[];
}

type Schema = z.core.$ZodType;

/** Members of `value` that `schema` does not have, where it is not open to any. `also` names more for the top. */
export function unknownMembers(schema: Schema, value: unknown, also: readonly string[] = []): readonly UnknownMember[] {
  return inside(schema, value, '', also);
}

function inside(schema: Schema, value: unknown, place: string, also: readonly string[]): readonly UnknownMember[] {
  if (typeof value !== 'object' || value === null) return [];
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
      return inside(def.innerType, value, place, also);
    case 'array':
      return Array.isArray(value)
        ? value.flatMap((each, at) => inside(def.element, each, join(place, String(at)), []))
        : [];
    case 'record':
      return Object.entries(value).flatMap(([name, each]) => inside(def.valueType, each, join(place, name), []));
    case 'union':
      return fewest(def.options.map((option) => inside(option, value, place, also)));
    case 'object':
      return ofObject(def, value, place, also);
    default:
      return [];
  }
}

function ofObject(
  { shape, catchall }: z.core.$ZodObjectDef,
  value: object,
  place: string,
  also: readonly string[],
): readonly UnknownMember[] {
  const known = Object.keys(shape);
  return Object.entries(value).flatMap(([name, each]) => {
    const schema = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (schema !== undefined) return inside(schema, each, join(place, name), []);
    return catchall !== undefined || also.includes(name) ? [] : [{ field: join(place, name), name, known }];
  });
}

/** Of several shapes, the value was meant for the one that it fits best. */
const fewest = (lists: readonly (readonly UnknownMember[])[]): readonly UnknownMember[] =>
  lists.reduce((best, each) => (each.length < best.length ? each : best), lists[0] ?? []);

const join = (place: string, name: string): string => (place === '' ? name : `${place}.${name}`);

/** Names of a schema's members, where it is an object. */
export function memberNames(schema: Schema | undefined): readonly string[] {
  const def = (schema as z.core.$ZodTypes | undefined)?._zod.def;
  return def?.type === 'object' ? Object.keys(def.shape) : [];
}
