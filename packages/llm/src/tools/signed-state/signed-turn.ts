import type { JsonObject } from '../../model/json.ts';
import type { Part, ReasoningPart, TextPart } from '../../model/part.ts';
import type { Issuer } from './issuer.ts';

/**
 * One piece of an answer, in the order the provider gave them. What the client saw is not kept, only as much as finding
 * its place again takes; what it may have dropped is kept whole.
 */
export type Slot =
  /** A thought, to be put back as it is. */
  | { readonly kind: 'thought'; readonly part: ReasoningPart }
  /** `parts` texts or refusals in a row with `chars` visible UTF-16 units. The state is that of the last of them. */
  | {
      readonly kind: 'text';
      readonly parts: number;
      readonly chars: number;
      readonly state?: JsonObject;
      /** The part itself where it has state and nothing to see, because clients leave such parts out. */
      readonly unseen?: TextPart;
    }
  | { readonly kind: 'call'; readonly id: string; readonly digest: string; readonly state?: JsonObject }
  /** A part that only some formats have; clients of others never saw it. */
  | { readonly kind: 'other'; readonly state?: JsonObject };

/** What a provider wants to see again of one answer, and by what the answer is known again. Plain JSON. */
export interface SignedTurn {
  readonly issuer: Issuer;
  /** Digest of all that the client saw: texts and calls. */
  readonly content: string;
  /** Digest of what the client said just before the answer. */
  readonly question: string;
  /** Digest of all that was said before the answer. */
  readonly history: string;
  readonly slots: readonly Slot[];
}

/** What a slot would put back, in plain words; `undefined` when it holds no state. */
export function stateName(slot: Slot): string | undefined {
  if (slot.kind === 'thought') return thoughtName(slot.part);
  return slot.state === undefined ? undefined : membersName(slot.state);
}

/** A thought in plain words. */
export const thoughtName = ({ redacted }: Pick<ReasoningPart, 'redacted'>): string =>
  redacted === undefined ? 'reasoning' : 'encrypted reasoning';

/** Members of state in plain words. */
export const membersName = (state: JsonObject): string =>
  Object.keys(state)
    .map((name) => `\`${name}\``)
    .join(', ');

/** Whether a part is one whose words a client shows. */
export const isText = (part: Part): part is Extract<Part, { type: 'text' | 'refusal' }> =>
  part.type === 'text' || part.type === 'refusal';
