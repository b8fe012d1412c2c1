import { getHeapStatistics } from 'node:v8';

/** How often members, items and entries of counted values were read. */
export interface Reads {
  count: number;
}

/**
 * `value`, and all it comes to hold, with every read of a member, an item or an entry counted into `reads`. Plain
 * objects, lists and maps are counted; instances of classes are passed on as they are.
 */
export function counted<T>(value: T, reads: Reads): T {
  const known = new WeakMap<object, object>();
  const wrap = (inner: unknown): unknown => {
    if (!isCountable(inner)) return inner;
    const before = known.get(inner);
    if (before !== undefined) return before;
    const made = inner instanceof Map ? countedMap(inner, reads, wrap) : countedObject(inner, reads, wrap);
    known.set(inner, made);
    // What was read is often written back: it is counted once all the same.
    known.set(made, made);
    return made;
  };
  // A proxy has the type of what it stands for.
  return wrap(value) as T;
}

type Wrap = (inner: unknown) => unknown;

function isCountable(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value) || value instanceof Map || Object.getPrototypeOf(value) === Object.prototype;
}

function countedObject(target: object, reads: Reads, wrap: Wrap): object {
  return new Proxy(target, {
    get(object, name, receiver) {
      reads.count += 1;
      return wrap(Reflect.get(object, name, receiver));
    },
    ownKeys(object) {
      const keys = Reflect.ownKeys(object);
      reads.count += keys.length;
      return keys;
    },
  });
}

function countedMap(target: Map<unknown, unknown>, reads: Reads, wrap: Wrap): object {
  function* walked(entries: Iterable<unknown>): Generator<unknown> {
    for (const each of entries) {
      reads.count += 1;
      yield wrap(each);
    }
  }
  const walks: Readonly<Record<PropertyKey, () => Iterable<unknown>>> = {
    keys: () => walked(target.keys()),
    values: () => walked(target.values()),
    entries: () => walked(target.entries()),
    [Symbol.iterator]: () => walked(target),
  };
  return new Proxy(target, {
    get(map, name) {
      reads.count += 1;
      const member: unknown = walks[name] ?? Reflect.get(map, name, map);
      return typeof member === 'function' ? (...given: unknown[]) => wrap(Reflect.apply(member, map, given)) : member;
    },
  });
}

/** How far off a count of bytes may be: V8 hands out its memory in pages. */
export const BYTES_ACCURACY = 512 * 1024;

/**
 * Bytes of memory that running `task` took, garbage included, give or take `BYTES_ACCURACY`. Copying and
 * joining what grows shows here, and so does looking through text that grows, because V8 writes joined text out anew
 * before it looks.
 */
export function bytesOf(task: () => void): number {
  const before = getHeapStatistics().total_allocated_bytes;
  task();
  return getHeapStatistics().total_allocated_bytes - before;
}
