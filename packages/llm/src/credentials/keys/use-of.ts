/** What a use of keys may be told: a signal, or anything that holds one. */
export type KeyContext = AbortSignal | { readonly signal?: AbortSignal };

/** What somebody gave to be run with one key or credential after another, whichever of the ways it was given in. */
export interface Use<T, Key> {
  readonly signal: AbortSignal | undefined;
  readonly call: (key: Key) => T | Promise<T>;
}

/** Reads `(use)`, `(context, use)` and `(context, use)` whose `use` takes the context first, which its length tells. */
export function useOf<T, Key>(args: readonly unknown[]): Use<T, Key> {
  const use = args.at(-1) as (...given: readonly unknown[]) => T | Promise<T>;
  if (typeof use !== 'function') throw new TypeError('Pass a function that takes the key, behind the context if any.');
  const context = args.length > 1 ? (args[0] as KeyContext | undefined) : undefined;
  const signal = context instanceof AbortSignal ? context : context?.signal;
  const takesContext = args.length > 1 && use.length > 1;
  return { signal, call: (key) => (takesContext ? use(context, key) : use(key)) };
}
