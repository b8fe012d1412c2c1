/**
 * A 128-bit digest of text that comes in pieces: four independent 32-bit lanes, 32 hexadecimal digits in the end. Quick
 * and not for secrets: whoever may choose both texts can make them collide, which is why a scope is never digested.
 */
export class Digest {
  #a = 0x243f6a88;
  #b = 0x85a308d3;
  #c = 0x13198a2e;
  #d = 0x03707344;
  /** A unit that waits for the one behind it, as two go in at once; `NO_UNIT` when none does. */
  #waiting = NO_UNIT;

  /** Takes the text as it is. Texts that follow each other run together: whoever adds several says where each ends. */
  add(text: string): this {
    this.#mix(text, false);
    return this;
  }

  /** Takes the text without its white space; how many UTF-16 units that were is the result. */
  addVisible(text: string): number {
    return this.#mix(text, true);
  }

  /** The digest of what was taken so far; more may follow. */
  hex(): string {
    const last = this.#waiting;
    const a = finished(stepped(this.#a, 5, last, 0x9e3779b1));
    const b = finished(stepped(this.#b, 13, last, 0x85ebca77) ^ a);
    const c = finished(stepped(this.#c, 7, last, 0xc2b2ae3d) ^ b);
    const d = finished(stepped(this.#d, 11, last, 0x27d4eb2f) ^ c);
    return digits(a) + digits(b) + digits(c) + digits(d);
  }

  #mix(text: string, visibleOnly: boolean): number {
    let a = this.#a;
    let b = this.#b;
    let c = this.#c;
    let d = this.#d;
    let waiting = this.#waiting;
    let taken = 0;
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      if (visibleOnly && isSpace(unit)) continue;
      taken += 1;
      if (waiting === NO_UNIT) {
        waiting = unit;
        continue;
      }
      const word = waiting | (unit << 16);
      waiting = NO_UNIT;
      a = stepped(a, 5, word, 0x9e3779b1);
      b = stepped(b, 13, word, 0x85ebca77);
      c = stepped(c, 7, word, 0xc2b2ae3d);
      d = stepped(d, 11, word, 0x27d4eb2f);
    }
    this.#a = a;
    this.#b = b;
    this.#c = c;
    this.#d = d;
    this.#waiting = waiting;
    return taken;
  }
}

/** No text has this for a unit: with it, a text of odd length is told from the same text and one more unit. */
const NO_UNIT = 0x10000;

/** Every step can be undone for a given word, so that no lane forgets what came before. `factor` is odd. */
const stepped = (lane: number, turn: number, word: number, factor: number): number =>
  Math.imul(((lane << turn) | (lane >>> (32 - turn))) ^ word, factor);

/** Spreads every bit of a lane over all others. */
function finished(lane: number): number {
  let bits = lane ^ (lane >>> 16);
  bits = Math.imul(bits, 0x85ebca6b);
  bits ^= bits >>> 13;
  bits = Math.imul(bits, 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

/** Two hexadecimal digits for each value of a byte: looked up, because digests are written more often than compared. */
const BYTES: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

const digits = (lane: number): string =>
  `${BYTES[lane >>> 24]}${BYTES[(lane >>> 16) & 255]}${BYTES[(lane >>> 8) & 255]}${BYTES[lane & 255]}`;

/** White space and control characters, of which clients trim, add and convert as they like. */
export const isSpace = (unit: number): boolean => unit <= 0x20 || (unit > 0x7e && WIDE_SPACES.has(unit));

const WIDE_SPACES: ReadonlySet<number> = new Set([
  0x7f, 0x85, 0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a,
  0x200b, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff,
]);
