import { generateAround, streamAround } from './around.ts';
import type { Middleware } from './middleware.ts';

/**
 * Middleware that can be added and taken away while calls go on; give it to a client as one of its `plugins`. Requests
 * pass in the order of the chain, answers in the reverse. A call keeps the chain that it began with.
 */
export interface MiddlewareChain extends Required<Middleware> {
  /** The outermost first; a copy. */
  readonly names: readonly string[];
  /** Puts it innermost. Throws `RangeError`, as all that add do, when the name is taken. */
  add(middleware: Middleware): this;
  /** Puts it just outside the one of that name. Throws `RangeError` when there is none. */
  addBefore(name: string, middleware: Middleware): this;
  /** Puts it just inside the one of that name. Throws `RangeError` when there is none. */
  addAfter(name: string, middleware: Middleware): this;
  /** Whether there was one of that name. */
  remove(name: string): boolean;
  clear(): void;
}

/** A chain of these, the first outermost. */
export function createMiddlewareChain(...first: readonly Middleware[]): MiddlewareChain {
  let all: readonly Middleware[] = [];
  const insert = (at: number, middleware: Middleware): void => {
    if (all.some(({ name }) => name === middleware.name))
      throw new RangeError(`The chain has a "${middleware.name}" already. Remove it first, or give this another name.`);
    all = all.toSpliced(at, 0, middleware);
  };
  const placeOf = (name: string): number => {
    const at = all.findIndex((each) => each.name === name);
    if (at >= 0) return at;
    const known = all.map((each) => each.name).join(', ') || 'nothing';
    throw new RangeError(`The chain has no "${name}". It has: ${known}.`);
  };
  const chain: MiddlewareChain = {
    name: 'chain',
    generate: (call, next) => generateAround(all, next)(call),
    stream: (call, next) => streamAround(all, next)(call),
    get names() {
      return all.map(({ name }) => name);
    },
    add(middleware) {
      insert(all.length, middleware);
      return chain;
    },
    addBefore(name, middleware) {
      insert(placeOf(name), middleware);
      return chain;
    },
    addAfter(name, middleware) {
      insert(placeOf(name) + 1, middleware);
      return chain;
    },
    remove(name) {
      const before = all.length;
      all = all.filter((each) => each.name !== name);
      return all.length < before;
    },
    clear: () => void (all = []),
  };
  for (const each of first) chain.add(each);
  return chain;
}
