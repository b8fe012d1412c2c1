/** One member that differs between two states of a thing. */
export interface FieldChange {
  /** Where it is: `capabilities.maxContextLength`. */
  readonly field: string;
  /** `undefined`: it was not there. */
  readonly before: unknown;
  /** `undefined`: it is not there any more. */
  readonly after: unknown;
}

/**
 * Members that differ, each by itself, in the order in which they stand; lists are compared as a whole. Either state may be
 * missing: then everything was added, or has gone. Nothing for two that are the same.
 */
export function changesBetween(before: unknown, after: unknown, at = ''): readonly FieldChange[] {
  const [old, fresh] = [membersOf(before), membersOf(after)];
  if (old === undefined && fresh === undefined)
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ field: at, before, after }];
  // A value became an object or the other way round.
  if ((old === undefined && before !== undefined) || (fresh === undefined && after !== undefined))
    return [{ field: at, before, after }];
  const names = new Set([...Object.keys(old ?? {}), ...Object.keys(fresh ?? {})]);
  return [...names].flatMap((name) => changesBetween(old?.[name], fresh?.[name], at === '' ? name : `${at}.${name}`));
}

const membersOf = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
