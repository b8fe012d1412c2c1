import { setImmediate } from 'node:timers/promises';

/** Steps between two breaths: together they take a few milliseconds. */
const TURN = 50;

/** `each` of many things, one after the other, with calls of others let through in between. */
export async function inTurns<Item, Value>(
  items: readonly Item[],
  each: (item: Item, index: number) => Value | Promise<Value>,
): Promise<Value[]> {
  const values: Value[] = [];
  for (const [index, item] of items.entries()) {
    if (index % TURN === TURN - 1) await setImmediate();
    values.push(await each(item, index));
  }
  return values;
}
