import { ok, type Result } from '@patchbay/llm/model/failure';
import type { Json, JsonObject } from '@patchbay/llm/model/json';
import { isObject, textOf } from '@patchbay/llm/wire/read';

import { itemsOf, listedInput, outputOf, referenceOf, responseOfItem } from './input-items.ts';
import type { KeptResponse } from './kept-response.ts';
import { itemsListed, itemsSaid, loadChain } from './response-chain.ts';
import type { ResponseShelf } from './response-shelf.ts';

/** A request with what it stood for put in its place. */
export interface Expanded {
  readonly json: JsonObject;
  /** The items that the request itself brought, references resolved. */
  readonly own: readonly Json[];
  /** The kept answer that it goes on from. */
  readonly previousId: string | undefined;
}

/** Whose answers are looked at, and for whom the request is meant. */
export interface ExpandContext {
  readonly shelf: ResponseShelf;
  readonly keyId: string;
  /** True when the provider speaks this format itself and knows nothing of our ids. */
  readonly express: boolean;
}

/**
 * Puts kept items before the new input and in the place of references to them, as the vendor does with what it keeps.
 * `undefined` when the request stands for nothing that is kept here: an id of the provider's own is left as it is.
 */
export async function expandInput(json: JsonObject, context: ExpandContext): Promise<Result<Expanded | undefined>> {
  const previousId = textOf(json['previous_response_id']) || undefined;
  const loaded = previousId === undefined ? ok(undefined) : await loadChain(context.shelf, context.keyId, previousId);
  if (!loaded.ok) return loaded;
  const chain = loaded.value ?? [];
  const { items: own, found } = await resolved(itemsOf(json['input']), chain, context);
  if (chain.length === 0 && found === 0) return ok(undefined);
  const { previous_response_id: previous, ...rest } = json;
  const input = [...fitting(itemsSaid(chain), context), ...own];
  const kept = chain.length === 0 && previous !== undefined ? { previous_response_id: previous } : {};
  return ok({ json: { ...rest, ...kept, input }, own, previousId: chain.length === 0 ? undefined : previousId });
}

/** Items with kept ones in the place of references; those that nobody here knows stay. */
async function resolved(
  items: readonly Json[],
  chain: readonly KeptResponse[],
  context: ExpandContext,
): Promise<{ readonly items: readonly Json[]; readonly found: number }> {
  if (!items.some((item) => referenceOf(item) !== undefined)) return { items, found: 0 };
  const known = new Map<string, Json>();
  learn(known, itemsListed(chain));
  const asked = new Set<string>();
  let found = 0;
  const whole: Json[] = [];
  for (const item of items) {
    const id = referenceOf(item);
    if (id !== undefined && !known.has(id)) await learnFrom(id, { known, asked, context });
    const kept = id === undefined ? undefined : known.get(id);
    if (kept !== undefined) found += 1;
    whole.push(...(kept === undefined ? [item] : fitting([kept], context)));
  }
  return { items: whole, found };
}

interface Learning {
  readonly known: Map<string, Json>;
  readonly asked: Set<string>;
  readonly context: ExpandContext;
}

/** Learns all items of the answer that an item's id was made of. */
async function learnFrom(itemId: string, { known, asked, context }: Learning): Promise<void> {
  const id = responseOfItem(itemId);
  if (id === undefined || asked.has(id)) return;
  asked.add(id);
  const kept = await context.shelf.find(context.keyId, id);
  if (kept !== undefined) learn(known, [...listedInput(kept), ...outputOf(kept)]);
}

function learn(known: Map<string, Json>, items: readonly Json[]): void {
  for (const item of items) if (isObject(item) && typeof item['id'] === 'string') known.set(item['id'], item);
}

const fitting = (items: readonly Json[], { express }: ExpandContext): readonly Json[] =>
  express ? asForeign(items) : items;

/**
 * Items of other providers' answers for the vendor itself: it looks up the ids that it is shown and refuses those it did
 * not give, and thoughts that it did not think.
 */
const asForeign = (items: readonly Json[]): readonly Json[] =>
  items
    .filter((item) => !isObject(item) || item['type'] !== 'reasoning')
    .map((item) => {
      if (!isObject(item) || referenceOf(item) !== undefined) return item;
      const { id: _, ...rest } = item;
      return rest;
    });
