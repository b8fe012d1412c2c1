import type { PartDelta, StreamEvent } from '../../model/event.ts';
import type { Extras } from '../../model/extras.ts';
import { collect } from '../../model/fold.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Part, ReasoningPart } from '../../model/part.ts';
import { Digest } from './digest.ts';
import { heldBytes } from './held-bytes.ts';
import type { Issuer } from './issuer.ts';
import { isSigned, keepsBareThoughts, stateIn } from './part-state.ts';
import { isText, type SignedTurn, type Slot } from './signed-turn.ts';
import type { TurnIdentity } from './turn-keys.ts';
import { callDigest, contentOf } from './visible-content.ts';

/** An answer in which there is something to remember. */
export interface RecordedTurn {
  readonly turn: SignedTurn;
  readonly identity: TurnIdentity;
}

/** What is known before an answer comes. */
export interface Asked {
  readonly issuer: Issuer;
  readonly question: string;
  readonly history: string;
  /** Most bytes held for one answer; with more it is not remembered. */
  readonly bytesMax: number;
}

/** A part that has started. Of texts only the count is kept; thoughts and calls wait until their end. */
interface Growing {
  readonly part: Part;
  readonly pieces: string[];
  chars: number;
  signature: string | undefined;
  readonly extras: Extras[];
  state: JsonObject | undefined;
}

/** What a `Growing` costs beside its texts, in bytes. */
const PART_BYTES = 128;

/** Listens to one answer and keeps what its provider will want to see again; linear, and bounded by `bytesMax`. */
export class TurnRecorder {
  readonly #asked: Asked;
  readonly #text = new Digest();
  readonly #parts = new Map<number, Growing>();
  #chars = 0;
  #bytes = 0;
  #finished = false;
  #lost = false;

  constructor(asked: Asked) {
    this.#asked = asked;
  }

  /** Hears the next event. What comes behind the end is not heard. */
  step(event: StreamEvent): void {
    if (this.#lost || this.#finished) return;
    if (event.type === 'part-start') this.#start(event.index, event.part);
    else if (event.type === 'part-delta') this.#grow(event.index, event.delta);
    else if (event.type === 'failure') this.#lose();
    else if (event.type === 'finish') this.#finished = true;
  }

  /** What is to be remembered; `undefined` when the answer has no state, broke off or was too large. */
  turn(): RecordedTurn | undefined {
    if (!this.#finished) return undefined;
    const { issuer, question, history } = this.#asked;
    const slots = this.#slots();
    if (!slots.some((slot) => slot.kind === 'thought' || slot.state !== undefined)) return undefined;
    const calls = slots.filter((slot) => slot.kind === 'call').map(({ id, digest }) => ({ id, digest }));
    const content = contentOf(this.#text, this.#chars, calls);
    return {
      turn: { issuer, content: content.digest, question, history, slots },
      identity: { content, question, history },
    };
  }

  #start(index: number, part: Part): void {
    const growing = { part, pieces: [], chars: 0, signature: undefined, extras: [], state: undefined };
    this.#parts.set(index, growing);
    this.#hold(PART_BYTES);
    if (part.type === 'tool-call') this.#hold(2 * (part.id.length + part.name.length));
    if (part.type === 'reasoning') this.#hold(heldBytes(part));
    this.#addExtras(growing, part.extras);
    if (part.type === 'tool-call') this.#addText(growing, part.argumentsJson);
    else if (isText(part)) this.#addText(growing, part.text);
  }

  #grow(index: number, delta: PartDelta): void {
    const growing = this.#parts.get(index);
    if (growing === undefined) return;
    if (delta.type === 'text') this.#addText(growing, delta.text);
    else if (delta.type === 'arguments') this.#addText(growing, delta.json);
    else if (delta.type === 'extras') this.#addExtras(growing, delta.extras);
    else {
      growing.signature = delta.signature;
      this.#hold(heldBytes(delta.signature));
    }
  }

  #addText(growing: Growing, text: string): void {
    if (isText(growing.part)) {
      const chars = this.#text.addVisible(text);
      this.#chars += chars;
      growing.chars += chars;
      // White space is kept as long as the part may turn out to hold nothing else.
      if (growing.chars > 0) return;
    }
    growing.pieces.push(text);
    this.#hold(heldBytes(text));
  }

  #addExtras(growing: Growing, extras: Extras | undefined): void {
    if (extras === undefined) return;
    const state = stateIn(extras, this.#asked.issuer.format);
    if (state !== undefined) growing.state = { ...growing.state, ...state };
    const isThought = growing.part.type === 'reasoning';
    if (isThought && extras !== growing.part.extras) growing.extras.push(extras);
    if (state !== undefined || isThought) this.#hold(heldBytes(isThought ? extras : state));
  }

  #hold(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.#asked.bytesMax) this.#lose();
  }

  #lose(): void {
    this.#lost = true;
    this.#parts.clear();
  }

  #slots(): readonly Slot[] {
    const slots: Slot[] = [];
    const { format } = this.#asked.issuer;
    const thoughts = new Map<Growing, ReasoningPart>();
    for (const growing of this.#parts.values())
      if (growing.part.type === 'reasoning') thoughts.set(growing, whole(growing));
    const keepsThoughts = keepsBareThoughts(format) || [...thoughts.values()].some((part) => isSigned(part, format));
    for (const growing of this.#parts.values()) {
      const part = thoughts.get(growing);
      if (part === undefined) addVisible(slots, growing);
      else if (keepsThoughts) slots.push({ kind: 'thought', part });
    }
    return slots;
  }
}

/** A thought exactly as a whole answer would hold it. */
function whole({ part, pieces, signature, extras }: Growing): ReasoningPart {
  const deltas: PartDelta[] = [{ type: 'text', text: pieces.join('') }];
  if (signature !== undefined) deltas.push({ type: 'signature', signature });
  for (const each of extras) deltas.push({ type: 'extras', extras: each });
  const events: StreamEvent[] = [
    { type: 'part-start', index: 0, part },
    ...deltas.map((delta): StreamEvent => ({ type: 'part-delta', index: 0, delta })),
    { type: 'finish', finish: { reason: 'stop' } },
  ];
  const answer = collect(events);
  // The events finish, and their one part is a thought.
  return (answer.ok ? answer.value.content[0] : part) as ReasoningPart;
}

function addVisible(slots: Slot[], { part, pieces, chars, state }: Growing): void {
  const own = state === undefined ? {} : { state };
  if (part.type === 'tool-call') {
    const digest = callDigest({ name: part.name, argumentsJson: pieces.join('') });
    slots.push({ kind: 'call', id: part.id, digest, ...own });
  } else if (isText(part)) addTextSlot(slots, { chars, text: pieces.join(''), state });
  else slots.push({ kind: 'other', ...own });
}

/** Texts without state join those before them: where one ended and the next began is of no use. */
function addTextSlot(
  slots: Slot[],
  { chars, text, state }: { chars: number; text: string; state: JsonObject | undefined },
): void {
  const last = slots.at(-1);
  const own = state === undefined ? {} : { state };
  const unseen = state !== undefined && chars === 0 ? { unseen: { type: 'text', text } as const } : {};
  if (state === undefined && last?.kind === 'text' && last.state === undefined)
    slots[slots.length - 1] = { kind: 'text', parts: last.parts + 1, chars: last.chars + chars };
  else slots.push({ kind: 'text', parts: 1, chars, ...own, ...unseen });
}
