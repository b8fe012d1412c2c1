import type { ColumnValue, Field } from './field.ts';

/** Where the records of one kind lie, as data: the repository of each is made from it. */
export interface Resource<R> {
  readonly table: string;
  readonly fields: { readonly [Name in keyof R]-?: Field<Exclude<R[Name], undefined>> };
  /** Members that a list may be ordered by, the usual one first. */
  readonly sortable: readonly (keyof R & string)[];
  /** Members that a search looks into. */
  readonly searched: readonly (keyof R & string)[];
}

/** A row as the driver gives it. */
export type Row = Readonly<Record<string, unknown>>;

/** The names and fields of a resource. Its type knows which value belongs to which field; a walk over all does not. */
export const fieldsOf = <R>({ fields }: Resource<R>): readonly (readonly [string, Field<never>])[] =>
  Object.entries(fields);

/** The field of one member; throws for a name that the resource does not have. */
export function fieldNamed<R>(resource: Resource<R>, name: string): Field<never> {
  const found = fieldsOf(resource).find(([each]) => each === name);
  if (found === undefined) throw new RangeError(`${resource.table} has no member ${name}.`);
  return found[1];
}

/** The record that a row says. */
export function toRecord<R>(resource: Resource<R>, row: Row): R {
  const members = fieldsOf(resource).flatMap(([name, field]) => {
    const value = row[field.column];
    return value === null && field.optional ? [] : [[name, field.read(value)] as const];
  });
  // `fields` has every member of R, each with the reader of its type.
  return Object.fromEntries(members) as R;
}

/** Column and value of each given member; `undefined` empties a column. */
export function toColumns<R>(resource: Resource<R>, members: object): readonly (readonly [string, ColumnValue])[] {
  return Object.entries(members).map(([name, value]) => {
    const field = fieldNamed(resource, name);
    return [field.column, value === undefined ? null : field.write(value as never)];
  });
}
