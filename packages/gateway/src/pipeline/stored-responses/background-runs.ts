import type { Clock } from '@patchbay/llm/model/clock';
import type { Failure } from '@patchbay/llm/model/failure';
import type { Json, JsonObject } from '@patchbay/llm/model/json';
import { encodeError } from '@patchbay/llm/wire/openai-responses/encode-failure';
import { WIRE_FORMATS } from '@patchbay/llm/wire/registry';

import type { Call } from '../call.ts';
import type { Outcome } from '../stage.ts';
import { BackgroundRun } from './background-run.ts';
import { itemsOf } from './input-items.ts';
import { keepingCodec, responseIn } from './keeping-codec.ts';
import type { KeptResponse } from './kept-response.ts';
import type { ResponseIssuers } from './response-issuers.ts';
import type { ResponseShelf } from './response-shelf.ts';
import { responseThread } from './response-thread.ts';

export interface BackgroundParts {
  readonly shelf: ResponseShelf;
  readonly issuers: ResponseIssuers;
  readonly clock: Clock;
  /** Most answers that are made at a time while nobody waits; further ones are refused. */
  readonly runningMax: number;
  /** Where unexpected errors go. */
  readonly onError: (error: unknown) => void;
}

/** One call that is to run while nobody waits. */
export interface BackgroundCall {
  readonly call: Call;
  /** Its body, with what it stood for in its place. */
  readonly json: JsonObject;
  /** The items that it brought itself; absent where `json` has no others. */
  readonly own: readonly Json[] | undefined;
  readonly previousId: string | undefined;
  readonly id: string;
  readonly next: (call: Call) => Promise<Outcome>;
}

/** Finished answers whose events can still be heard. */
const FINISHED_MAX = 50;

const BUSY: Failure = {
  kind: 'overloaded',
  message: 'Too many background responses are under way. Try again when one has ended, or ask without `background`.',
};
const RESTARTED = {
  code: 'server_error',
  message: 'The gateway was stopped before this response was complete. Ask again.',
};
const UNHEARD: Failure = { kind: 'protocol', message: 'The provider’s answer ended without a last word.' };

/** The answers that are made while nobody waits. */
export class BackgroundRuns {
  readonly #parts: BackgroundParts;
  readonly #runs = new Map<string, BackgroundRun>();
  readonly #ends = new Set<Promise<unknown>>();
  /** Makes an end of all; set once the gateway closes. */
  #closing = false;

  constructor(parts: BackgroundParts) {
    this.#parts = parts;
  }

  /** Begins one; its client is told at once that it is queued, or hears its events where it asked for a stream. */
  begin(begun: BackgroundCall): Outcome {
    const running = [...this.#runs.values()].filter(({ over }) => !over).length;
    if (this.#closing || running >= this.#parts.runningMax) return { kind: 'failed', failure: BUSY };
    const { call, json, id, previousId, own = itemsOf(json['input']) } = begun;
    const front = { id, keyId: call.caller.keyId, createdAtMs: this.#parts.clock.nowMs(), previousId };
    const queued = queuedResponse(json, front);
    if ('failure' in queued) return { kind: 'failed', failure: queued.failure };
    const run = new BackgroundRun(front.keyId, id, queued.response);
    this.#hold(run);
    const kept = (): KeptResponse => ({ ...front, response: run.response, input: own });
    this.#parts.shelf.keep(kept());
    const ended = this.#run(run, begun, kept);
    const end = ended.finally(() => this.#ends.delete(end));
    this.#ends.add(end);
    return { kind: 'detached', ended, answer: (client) => answer(run, queued.response, call.stream, client) };
  }

  async #run(run: BackgroundRun, { call, json, next, ...begun }: BackgroundCall, kept: () => KeptResponse) {
    const asked = { ...json, stream: true };
    const { createdAtMs, previousId } = kept();
    const thread = responseThread({
      ...begun,
      keyId: run.keyId,
      createdAtMs,
      previousId,
      background: true,
      issuers: this.#parts.issuers,
      foreignId: undefined,
      // The run itself keeps what becomes of it, good or bad.
      keep: () => undefined,
    });
    const outcome = await next({ ...call, client: run.sink, stream: true, json: asked, thread }).catch(
      (error: unknown): Outcome => {
        this.#parts.onError(error);
        return { kind: 'failed', failure: { kind: 'internal', message: 'The gateway met an unexpected error.' } };
      },
    );
    if (!run.over) run.settle(lastWord(run, outcome, this.#closing));
    if (!run.removed) this.#parts.shelf.keep(kept());
    return outcome;
  }

  #hold(run: BackgroundRun): void {
    this.#runs.set(run.id, run);
    const finished = [...this.#runs.values()].filter(({ over }) => over);
    for (const old of finished.slice(0, -FINISHED_MAX)) this.#runs.delete(old.id);
  }

  find(keyId: string, id: string): BackgroundRun | undefined {
    const run = this.#runs.get(id);
    return run?.keyId === keyId ? run : undefined;
  }

  /** Stops one that is under way and returns what it is then; `undefined` when this process knows no such one. */
  cancel(keyId: string, id: string): JsonObject | undefined {
    const run = this.find(keyId, id);
    run?.settle({ ...run.response, status: 'cancelled' });
    run?.sink.abandon();
    return run?.response;
  }

  /** Stops one for good; nothing of it is kept. */
  remove(keyId: string, id: string): void {
    const run = this.find(keyId, id);
    if (run === undefined) return;
    run.removed = true;
    this.cancel(keyId, id);
    this.#runs.delete(id);
  }

  /** Tells what became of answers that an earlier process left unfinished. */
  async failUnfinished(): Promise<void> {
    for (const kept of await this.#parts.shelf.unfinished())
      if (!this.#runs.has(kept.id)) this.#parts.shelf.keep({ ...kept, response: failedWith(kept.response, RESTARTED) });
  }

  /** Ends all that are under way as failed. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const run of this.#runs.values()) run.sink.abandon();
    await Promise.all(this.#ends);
  }
}

const failedWith = (response: JsonObject, error: JsonObject): JsonObject => ({ ...response, status: 'failed', error });

/** What an answer is whose events have not said how it ended. */
function lastWord(run: BackgroundRun, outcome: Outcome, closing: boolean): JsonObject {
  if (closing) return failedWith(run.response, RESTARTED);
  const failure = outcome.kind === 'failed' ? outcome.failure : UNHEARD;
  return failedWith(run.response, encodeError(failure));
}

/** The answer as it is before anything of it is known, or why the request cannot be one. */
function queuedResponse(
  json: JsonObject,
  { id, createdAtMs, previousId }: Pick<KeptResponse, 'id' | 'createdAtMs' | 'previousId'>,
): { readonly response: JsonObject } | { readonly failure: Failure } {
  const codec = WIRE_FORMATS['openai-responses'];
  const request = codec.decodeRequest(json);
  if (!request.ok) return { failure: request.failure };
  const said = { store: true, background: true, ...(previousId !== undefined && { previous_response_id: previousId }) };
  const machine = keepingCodec(codec, { id, createdAtMs, said, keep: () => undefined }).encodeStream(request.value);
  const { model } = request.value;
  const [created] = machine.step(machine.initial(), { type: 'response-start', id, model, createdAtMs });
  const response = created === undefined ? {} : responseIn(created);
  return { response: { ...response, id, status: 'queued' } };
}

function answer(
  run: BackgroundRun,
  queued: JsonObject,
  stream: boolean,
  client: Parameters<BackgroundRun['follow']>[0],
) {
  if (stream) return run.follow(client, -1);
  const text = JSON.stringify(queued);
  client.start(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  return client.end(text);
}
