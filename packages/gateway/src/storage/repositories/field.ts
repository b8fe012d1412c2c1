import type { Json } from '@patchbay/llm/model/json';

/** What the drivers take for one column. */
export type ColumnValue = string | number | null;

/** How one member of a record lies in its column; the same on both databases. */
export interface Field<T> {
  readonly column: string;
  /** What it is compared and ordered as. */
  readonly kind: 'text' | 'number' | 'time' | 'json' | 'uuid';
  read(value: unknown): T;
  write(value: T): ColumnValue;
  /** True when the member may be absent; its column is then null. */
  readonly optional?: true;
  /** True for a note that the system makes on the side: writing it is no new version of the row. */
  readonly note?: true;
  /** True when the secrets in it are sealed for this row. */
  readonly sealed?: true;
}

/** A text, of one word or of many. */
export const text = (column: string): Field<string> => ({
  column,
  kind: 'text',
  read: String,
  write: (value) => value,
});

/** An id that is a UUID; what is none is no row's id. */
export const uuid = (column: string): Field<string> => ({
  column,
  kind: 'uuid',
  read: String,
  write: (value) => value.toLowerCase(),
});

/** A number; large whole ones come as text from some drivers. */
export const number = (column: string): Field<number> => ({
  column,
  kind: 'number',
  read: Number,
  write: (value) => value,
});

/** A yes or no, as 1 and 0. */
export const flag = (column: string): Field<boolean> => ({
  column,
  kind: 'number',
  read: (value) => Number(value) === 1,
  write: Number,
});

/** Milliseconds since 1970 in the record, a point in time that people can read in the column. */
export const time = (column: string): Field<number> => ({
  column,
  kind: 'time',
  read: (value) => Date.parse(String(value)),
  write: (value) => new Date(value).toISOString(),
});

/** JSON of the shape that the record's type says: whoever wrote it has checked it, and by hand nobody has. */
export const json = <T extends Json>(column: string): Field<T> => ({
  column,
  kind: 'json',
  read: (value) => JSON.parse(String(value)) as T,
  write: (value) => JSON.stringify(value),
});

/** A member that may be absent. */
export const optional = <T>(field: Field<T>): Field<T> => ({ ...field, optional: true });
/** A member whose change is no new version of the row. */
export const note = <T>(field: Field<T>): Field<T> => ({ ...field, note: true });

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** False for a value that no row can have, which PostgreSQL would answer with an error. */
export const canHold = (field: Field<never>, value: unknown): boolean =>
  field.kind !== 'uuid' || (typeof value === 'string' && UUID.test(value));
