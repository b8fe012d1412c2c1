import type * as z from 'zod/mini';

import type { ValidationError } from './failures.ts';
import { wordIssue } from './word-issue.ts';

/** What was read, or everything that is wrong with it. */
export type ReadInput<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly errors: readonly ValidationError[] };

/**
 * `value` as `schema` has it, with defaults filled in, or each thing that is wrong in English, with dots in its place:
 * `authConfig.fields.apiKey`. What was sent is never repeated: it may be a secret.
 */
export function readInput<Schema extends z.ZodMiniType>(schema: Schema, value: unknown): ReadInput<z.output<Schema>> {
  const read = schema.safeParse(value, { error: wordIssue });
  if (read.success) return { ok: true, value: read.data };
  return {
    ok: false,
    errors: read.error.issues.map(({ path, message }) => ({ field: path.map(String).join('.'), message })),
  };
}
