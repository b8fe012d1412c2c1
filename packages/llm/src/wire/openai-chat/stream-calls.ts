import type { StreamEvent } from '../../model/event.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import { JsonProgress } from '../anthropic-messages/json-progress.ts';
import { callNames } from '../call-names.ts';
import { isObject, numberOf, objectOf, textOf } from '../read.ts';
import { argumentsText, callExtras, toolCallId } from './decode-response.ts';

interface OpenCall {
  readonly index: number;
  /** As the server names it; others may have the same name. */
  readonly wireId: string | undefined;
  readonly name: string;
  /** How far its arguments are. */
  readonly progress: JsonProgress;
  /** True once arguments came, an empty object before them not counted. */
  said: boolean;
  /** True where an empty object came, which is all there is unless more follows. */
  emptyObject: boolean;
}

/** What is known of the answer that the calls are of. */
export interface CallHost {
  readonly responseId: string;
  /** A number for one more part. */
  readonly nextIndex: () => number;
}

/** One piece of a call. */
interface Piece {
  readonly wireIndex: number | undefined;
  readonly wireId: string | undefined;
  readonly name: string | undefined;
  readonly json: string;
  readonly emptyObject: boolean;
}

/** The calls of a stream that may still grow, found without a search, as there may be any number of them. */
export class StreamCalls {
  /** True once there was a call. */
  any = false;
  /** Open calls whose arguments are unfinished. */
  #growing = 0;
  readonly #open: OpenCall[] = [];
  /** The latest of a number, which servers use again. */
  readonly #byWireIndex = new Map<number, OpenCall>();
  readonly #byWireId = new Map<string, OpenCall>();
  readonly #names = callNames();
  /** Every id that a server gave. */
  readonly #wireIds = new Set<string>();

  /** True while what else is said has to wait, because a call may still grow. */
  get isGrowing(): boolean {
    return this.#growing > 0;
  }

  /** Hears a piece; `undefined` where it begins a call, which `begin` then does. */
  hear(value: Json, events: StreamEvent[]): Piece | undefined {
    const call = objectOf(value);
    if (call === undefined) return undefined;
    const piece = pieceOf(call);
    const open = this.#find(piece);
    if (open === undefined) return this.#isEcho(piece) ? undefined : piece;
    this.#grow(open, piece, events);
    const { extras } = callExtras(call);
    if (extras !== undefined) events.push({ type: 'part-delta', index: open.index, delta: { type: 'extras', extras } });
    return undefined;
  }

  /** Begins the call of a piece. */
  begin(piece: Piece, value: Json, { responseId, nextIndex }: CallHost, events: StreamEvent[]): void {
    const index = nextIndex();
    const { wireId, wireIndex = this.#open.length, name = '' } = piece;
    const id = this.#names(wireId ?? '', toolCallId(responseId, index));
    const call: OpenCall = { index, wireId, name, progress: new JsonProgress(), said: false, emptyObject: false };
    this.any = true;
    this.#open.push(call);
    this.#growing += 1;
    this.#byWireIndex.set(wireIndex, call);
    if (wireId !== undefined) {
      this.#byWireId.set(wireId, call);
      this.#wireIds.add(wireId);
    }
    const part = { type: 'tool-call', id, name, argumentsJson: '', ...callExtras(objectOf(value) ?? {}) } as const;
    events.push({ type: 'part-start', index, part });
    this.#grow(call, piece, events);
  }

  /** Ends every call that is open. */
  close(events: StreamEvent[]): void {
    for (const call of this.#open) {
      const { index, said, emptyObject } = call;
      if (!said && emptyObject) events.push({ type: 'part-delta', index, delta: { type: 'arguments', json: '{}' } });
      events.push({ type: 'part-end', index });
    }
    this.#open.length = 0;
    this.#growing = 0;
    this.#byWireIndex.clear();
    this.#byWireId.clear();
  }

  #grow(call: OpenCall, { json, emptyObject }: Piece, events: StreamEvent[]): void {
    call.emptyObject ||= emptyObject;
    if (json === '') return;
    call.said = true;
    if (!call.progress.complete) {
      call.progress.push(json);
      if (call.progress.complete) this.#growing -= 1;
    }
    events.push({ type: 'part-delta', index: call.index, delta: { type: 'arguments', json } });
  }

  /** The open call that a piece belongs to. */
  #find(piece: Piece): OpenCall | undefined {
    const { wireIndex, wireId, name } = piece;
    const open = this.#named(piece);
    if (open === undefined) return undefined;
    // A new id says that another call has the same number, and so do arguments behind those that are complete.
    const isOther =
      wireIndex !== undefined && wireId !== undefined && open.wireId !== undefined && open.wireId !== wireId;
    const isNext = name !== undefined && open.progress.complete && piece.json.trim() !== '';
    return isOther || isNext ? undefined : open;
  }

  /** By number, by id, or the last one: pieces that have neither go on with it unless they name another tool. */
  #named({ wireIndex, wireId, name, json }: Piece): OpenCall | undefined {
    if (wireIndex !== undefined) return this.#byWireIndex.get(wireIndex);
    if (wireId !== undefined) return this.#byWireId.get(wireId);
    const last = this.#open.at(-1);
    const goesOn = name === undefined || (last?.name === name && last.said && json !== '');
    return goesOn ? last : undefined;
  }

  /** True for a piece that says nothing, of a call that is over or was never begun. */
  #isEcho({ wireId, name, json, emptyObject }: Piece): boolean {
    if (json.trim() !== '' || emptyObject) return false;
    return name === undefined
      ? wireId === undefined || this.#wireIds.has(wireId)
      : wireId !== undefined && this.#wireIds.has(wireId);
  }
}

function pieceOf(call: JsonObject): Piece {
  const made = objectOf(call['function']);
  const given = made?.['arguments'];
  // Some open a call with an empty object in place of no text.
  const emptyObject = isObject(given) && Object.keys(given).length === 0;
  return {
    wireIndex: numberOf(call['index']),
    wireId: textOf(call['id']) || undefined,
    name: textOf(made?.['name']) || undefined,
    json: emptyObject ? '' : argumentsText(given),
    emptyObject,
  };
}
