/** Marks the branch that exhaustive switches never reach. Throws when a value came in that the types forbid. */
export function assertNever(value: never): never {
  throw new TypeError(`unexpected value: ${JSON.stringify(value)}`);
}
