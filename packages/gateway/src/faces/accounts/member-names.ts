import { unknownMembers, type Operation } from '@patchbay/contract';

type Schema = NonNullable<Operation['body']>;

/** The value with members that the shape has only in snake case under those names: `authData` becomes `auth_data`. */
export function inSnakeCase(schema: Schema, value: unknown): unknown {
  const renamed = unknownMembers(schema, value).flatMap(({ field, name, known }) => {
    const meant = snakeCase(name);
    return meant !== name && known.includes(meant) ? [{ field, meant }] : [];
  });
  if (renamed.length === 0) return value;
  const copy: unknown = structuredClone(value);
  // The deepest first: a member that was renamed would no longer be where its own members are looked for.
  for (const { field, meant } of renamed.toReversed()) rename(copy, field.split('.'), meant);
  return copy;
}

const snakeCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A value that is there under both names stays under both, and the unknown one is refused. */
function rename(value: unknown, path: readonly string[], meant: string): void {
  const holder = path.slice(0, -1).reduce<unknown>((each, name) => (each as Members | undefined)?.[name], value);
  const last = path.at(-1);
  if (typeof holder !== 'object' || holder === null || last === undefined || Object.hasOwn(holder, meant)) return;
  const members = holder as Members;
  members[meant] = members[last];
  delete members[last];
}

type Members = Record<string, unknown>;
