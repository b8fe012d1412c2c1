import type { Extras } from '../../model/extras.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Part } from '../../model/part.ts';
import { objectOf } from '../read.ts';

/** The format's own name. */
export const OWN = 'openai-responses';

const NONE: JsonObject = {};

/** What this format keeps in the extras of a part, a message, a tool or a request. */
export const ownOf = (extras: Extras | undefined): JsonObject => extras?.[OWN] ?? NONE;

/**
 * The members of the wire item that begins with this part, beyond what the part itself says; `undefined` for a part
 * that goes on with the item of the part before it. Messages of users and instructions are items of their own, and
 * hold theirs in the extras of the message.
 */
export const itemOf = (extras: Extras | undefined): JsonObject | undefined => objectOf(ownOf(extras)['item']);

/**
 * The members of the message that begins with this part; `undefined` for one that goes on with the message before it.
 * What only this format has among the content of a message names them apart, because as an item it would stand alone.
 */
export const messageOf = (part: Part): JsonObject | undefined =>
  part.type === 'vendor' ? objectOf(ownOf(part.extras)['message']) : itemOf(part.extras);

/** The mark of a part that begins a message. */
export const beginning = (part: Part, members: JsonObject): JsonObject =>
  part.type === 'vendor' ? { message: members } : { item: members };

/** Extras that hold `own`; none when it has no members. */
export const withOwn = (own: JsonObject): { readonly extras?: Extras } =>
  Object.keys(own).length > 0 ? { extras: { [OWN]: own } } : {};
