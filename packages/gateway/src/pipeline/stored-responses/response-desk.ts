import { failed, ok, type Result } from '@patchbay/llm/model/failure';
import type { Json, JsonObject } from '@patchbay/llm/model/json';
import { isObject } from '@patchbay/llm/wire/read';

import type { BackgroundRun } from './background-run.ts';
import type { BackgroundRuns } from './background-runs.ts';
import { listedInput } from './input-items.ts';
import { itemsListed, loadChain } from './response-chain.ts';
import type { ResponseIssuer, ResponseIssuers } from './response-issuers.ts';
import type { ResponseShelf } from './response-shelf.ts';
import { refusedResponse } from './unknown-state.ts';

/** Which page of a list is asked for. */
export interface Page {
  /** 1 to 100. */
  readonly limit: number;
  readonly order: 'asc' | 'desc';
  /** Id of the item after which the page begins. */
  readonly after: string | undefined;
}

/** Where callers ask for answers that are kept. `undefined` stands for one that is not known here. */
export class ResponseDesk {
  readonly #shelf: ResponseShelf;
  readonly #background: BackgroundRuns;
  readonly #issuers: ResponseIssuers;

  constructor(parts: {
    readonly shelf: ResponseShelf;
    readonly background: BackgroundRuns;
    readonly issuers: ResponseIssuers;
  }) {
    this.#issuers = parts.issuers;
    this.#shelf = parts.shelf;
    this.#background = parts.background;
  }

  /** Who made an answer that its provider keeps. */
  issuerOf(keyId: string, id: string): ResponseIssuer | undefined {
    return this.#issuers.find(keyId, id);
  }

  /** The answer as it is now. */
  async retrieve(keyId: string, id: string): Promise<JsonObject | undefined> {
    return this.#background.find(keyId, id)?.response ?? (await this.#shelf.find(keyId, id))?.response;
  }

  /** The answer's events; a failure where it was not made in the background, or too long ago. */
  async listen(keyId: string, id: string): Promise<Result<BackgroundRun> | undefined> {
    const run = this.#background.find(keyId, id);
    if (run?.canBeHeard === true) return ok(run);
    if (run === undefined && (await this.#shelf.find(keyId, id)) === undefined) return undefined;
    return failed(
      refusedResponse(`Response '${id}' cannot be streamed any more. Retrieve it without \`stream\`.`, 'stream'),
    );
  }

  /** Resolves false when there was none. */
  async remove(keyId: string, id: string): Promise<boolean> {
    const run = this.#background.find(keyId, id);
    this.#background.remove(keyId, id);
    return (await this.#shelf.remove(keyId, id)) || run !== undefined;
  }

  /** Stops an answer that is made in the background; one that is over stays as it is. */
  async cancel(keyId: string, id: string): Promise<Result<JsonObject> | undefined> {
    const cancelled = this.#background.cancel(keyId, id);
    if (cancelled !== undefined) return ok(cancelled);
    const kept = await this.#shelf.find(keyId, id);
    if (kept === undefined) return undefined;
    return kept.response['background'] === true
      ? ok(kept.response)
      : failed(refusedResponse('Cannot cancel a synchronous response.'));
  }

  /** One page of everything that was said to the model for this answer, as the vendor lists it. */
  async inputItems(keyId: string, id: string, page: Page): Promise<Result<JsonObject> | undefined> {
    const kept = await this.#shelf.find(keyId, id);
    if (kept === undefined) return undefined;
    const chain = kept.previousId === undefined ? ok([]) : await loadChain(this.#shelf, keyId, kept.previousId);
    const before = chain.ok ? itemsListed(chain.value ?? []) : [];
    return pageOf([...before, ...listedInput(kept)], page);
  }
}

function pageOf(items: readonly Json[], { limit, order, after }: Page): Result<JsonObject> {
  const ordered = order === 'asc' ? items : items.toReversed();
  const from = after === undefined ? 0 : ordered.findIndex((item) => idOf(item) === after) + 1;
  if (after !== undefined && from === 0)
    return failed(refusedResponse(`There is no item '${after}' in this response.`, 'after'));
  const data = ordered.slice(from, from + limit);
  return ok({
    object: 'list',
    data,
    first_id: idOf(data[0]) ?? null,
    last_id: idOf(data.at(-1)) ?? null,
    has_more: from + limit < ordered.length,
  });
}

const idOf = (item: Json | undefined): Json | undefined => (isObject(item) ? item['id'] : undefined);
