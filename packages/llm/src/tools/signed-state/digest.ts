/**
 * A 128-bit digest of text that comes in pieces: four independent 32-bit lanes, 32 hexadecimal digits in the end. Quick
 * and not for secrets: whoever may choose both texts can make them collide, which is why a scope is never digested.
 */
export class Digest {
  #a = 0x243f6a88;
  #b = 0x85a308d3;
  #c = 0x13198a2e;
  #d = 0x03707344;

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
    const lanes = [this.#a, this.#b ^ this.#a, this.#c ^ this.#b, this.#d ^ this.#c];
    return lanes.map((lane) => (finished(lane) >>> 0).toString(16).padStart(8, '0')).join('');
  }

  #mix(text: string, visibleOnly: boolean): number {
    let [a, b, c, d] = [this.#a, this.#b, this.#c, this.#d];
    let taken = 0;
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      if (visibleOnly && isSpace(unit)) continue;
      // Every step can be undone for a given unit, so that no lane forgets what came before.
      a = Math.imul(((a << 5) | (a >>> 27)) ^ unit, 0x9e3779b1);
      b = Math.imul(((b << 13) | (b >>> 19)) ^ unit, 0x85ebca77);
      c = Math.imul(((c << 7) | (c >>> 25)) ^ unit, 0xc2b2ae3d);
      d = Math.imul(((d << 11) | (d >>> 21)) ^ unit, 0x27d4eb2f);
      taken += 1;
    }
    this.#a = a;
    this.#b = b;
    this.#c = c;
    this.#d = d;
    return taken;
  }
}

/** Spreads every bit of a lane over all others. */
function finished(lane: number): number {
  let bits = lane ^ (lane >>> 16);
  bits = Math.imul(bits, 0x85ebca6b);
  bits ^= bits >>> 13;
  bits = Math.imul(bits, 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

/** White space and control characters, of which clients trim, add and convert as they like. */
export const isSpace = (unit: number): boolean => unit <= 0x20 || (unit > 0x7e && WIDE_SPACES.has(unit));

const WIDE_SPACES: ReadonlySet<number> = new Set([
  0x7f, 0x85, 0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a,
  0x200b, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff,
]);
