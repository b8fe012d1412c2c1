import { failed, ok, type Failure, type Result } from '@patchbay/llm/model/failure';
import type { Json } from '@patchbay/llm/model/json';

import { listedInput, outputOf } from './input-items.ts';
import { statusOf, type KeptResponse } from './kept-response.ts';
import type { ResponseShelf } from './response-shelf.ts';
import { refusedResponse, unknownPrevious } from './unknown-state.ts';

/** Longest conversation that goes on from kept answers, in answers. */
const ANSWERS_MAX = 1000;

/** Statuses from which a conversation can go on. */
const SAID = new Set(['completed', 'incomplete']);

/**
 * The answers that led to the one with this id, and that one, oldest first; `undefined` when the gateway does not keep
 * it, a failure when it keeps it and not what it follows on, or when the answer is not one to go on from.
 */
export async function loadChain(
  shelf: ResponseShelf,
  keyId: string,
  id: string,
): Promise<Result<readonly KeptResponse[] | undefined>> {
  const chain: KeptResponse[] = [];
  const seen = new Set<string>();
  for (let next: string | undefined = id; next !== undefined; next = chain.at(-1)?.previousId) {
    if (seen.has(next) || chain.length >= ANSWERS_MAX) return failed(tooLong(id));
    seen.add(next);
    const kept = await shelf.find(keyId, next);
    if (kept === undefined) return chain.length === 0 ? ok(undefined) : failed(unknownPrevious(next));
    if (!SAID.has(statusOf(kept))) return failed(notDone(kept));
    chain.push(kept);
  }
  return ok(chain.reverse());
}

const tooLong = (id: string): Failure =>
  refusedResponse(
    `The conversation up to '${id}' has more than ${ANSWERS_MAX} responses. Begin a new one with a summary.`,
    'previous_response_id',
  );

const notDone = (kept: KeptResponse): Failure =>
  refusedResponse(
    `Previous response with id '${kept.id}' is ${statusOf(kept)}; a conversation goes on from a completed one.`,
    'previous_response_id',
  );

/** Everything that was said in these answers and before each, in order. */
export const itemsSaid = (chain: readonly KeptResponse[]): readonly Json[] =>
  chain.flatMap((kept) => [...kept.input, ...outputOf(kept)]);

/** The same with the ids under which the vendor lists items. */
export const itemsListed = (chain: readonly KeptResponse[]): readonly Json[] =>
  chain.flatMap((kept) => [...listedInput(kept), ...outputOf(kept)]);
