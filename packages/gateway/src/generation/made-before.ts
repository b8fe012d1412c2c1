import { createHash } from 'node:crypto';

import type { Result } from '@patchbay/llm/model/failure';
import type { Json } from '@patchbay/llm/model/json';
import { parseJson } from '@patchbay/llm/wire/read';

import type { AnswerCache } from '../coordination/answer-cache.ts';
import type { GenerationEndpoint } from './ports.ts';

/** Something that was made, now or before. */
export interface Made<T> {
  readonly value: T;
  readonly cache: 'hit' | 'miss';
}

/** One question: who asks what. Two are the same only where all of it is. */
export interface Question {
  readonly endpoint: GenerationEndpoint;
  /** Whose answers are given to nobody else. */
  readonly tenant: string;
  /** Everything that the answer depends on. */
  readonly asked: Json;
}

/** Gives again what was made for the same question; makes it where it was not. Failures are never kept. */
export async function madeBefore<T extends object>(
  cache: AnswerCache,
  { endpoint, tenant, asked }: Question,
  { make, mayKeep = () => true }: { readonly make: () => Promise<Result<T>>; readonly mayKeep?: (value: T) => boolean },
): Promise<Result<Made<T>>> {
  const key = createHash('sha256')
    .update(JSON.stringify([endpoint, tenant, canonical(asked)]))
    .digest('hex');
  const before = cache.get(key);
  const kept = before === undefined ? undefined : parseJson(before);
  if (kept !== undefined) return { ok: true, value: { value: kept as T, cache: 'hit' } };
  const made = await make();
  if (!made.ok) return made;
  if (mayKeep(made.value)) cache.set(endpoint, key, JSON.stringify(made.value));
  return { ok: true, value: { value: made.value, cache: 'miss' } };
}

/** The value with members in one order, so that the order in which they were written does not matter. */
function canonical(value: Json): Json {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).flatMap(([name, each]) =>
    each === undefined ? [] : [[name, canonical(each)] as const],
  );
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}
