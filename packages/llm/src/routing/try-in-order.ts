/** What came of trying, and whose turn it was. */
export type TriedInOrder<T> =
  | { readonly ok: true; readonly value: T; readonly index: number }
  | { readonly ok: false; readonly errors: readonly unknown[] };

/** Tries one after another until one goes well; `signal` ends it between two tries. What fails is told in its order. */
export async function tryInOrder<T>(
  tries: readonly (() => Promise<T>)[],
  signal?: AbortSignal,
): Promise<TriedInOrder<T>> {
  const errors: unknown[] = [];
  for (const [index, attempt] of tries.entries()) {
    if (signal?.aborted === true) break;
    try {
      return { ok: true, value: await attempt(), index };
    } catch (error) {
      errors.push(error);
    }
  }
  return { ok: false, errors };
}
