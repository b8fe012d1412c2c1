import type { JsonObject } from '../model/json.ts';
import type { Loss } from './codec.ts';

/** A body as it is sent, and what of it could not be. */
export interface WrittenBody {
  readonly text: string;
  readonly losses: readonly Loss[];
}

const NO_LOSSES: readonly Loss[] = [];
const HALVES: Loss = { path: 'messages', what: 'half a character', instead: 'approximated' };
/** Every escape, so that an escaped backslash before these letters is not taken for one. */
const ESCAPES = /\\(?:ud[89a-f][0-9a-f]{2}|[^])/g;

/**
 * Writes a body as JSON that every provider reads: half of a surrogate pair, which is no character and which most of them
 * refuse with the whole request, becomes U+FFFD. It comes of texts that were cut at a length.
 */
export function writeBody(body: JsonObject): WrittenBody {
  const text = JSON.stringify(body);
  // The only escapes of this kind that `JSON.stringify` writes are those of halves.
  if (!text.includes('\\ud')) return { text, losses: NO_LOSSES };
  const whole = text.replaceAll(ESCAPES, (escape) => (escape.length > 2 ? '\ufffd' : escape));
  return { text: whole, losses: whole === text ? NO_LOSSES : [HALVES] };
}
