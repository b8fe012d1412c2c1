const HIDDEN = '[secret]';
const MASK = '********';
/** Four characters of a shorter secret would be too much of it. */
const TAIL_FROM_LENGTH = 16;
const KEY_HEAD = 8;
const KEY_TAIL = 4;

/**
 * A value that must not be seen: it prints as `[secret]` in strings, JSON and inspection.
 * `reveal` is for signers and sealing only, which a lint rule checks.
 */
export class Secret<T = string> {
  readonly #value: T;
  constructor(value: T) {
    this.#value = value;
  }
  reveal(): T {
    return this.#value;
  }
  /** True when both hold the same. */
  sameAs(other: Secret<T>): boolean {
    return this.#value === other.#value;
  }
  /** Characters of a text; 0 of anything else. */
  get length(): number {
    return typeof this.#value === 'string' ? this.#value.length : 0;
  }
  /** `text` without this secret: an upstream may repeat in its answer what it was sent. */
  hideIn(text: string): string {
    const value = this.#value;
    return typeof value === 'string' && value !== '' ? text.replaceAll(value, HIDDEN) : text;
  }
  /** Asterisks and, of a text of 16 characters or more, its last four, by which its owner tells it from others. */
  masked(): string {
    const value = this.#value;
    return typeof value === 'string' && value.length >= TAIL_FROM_LENGTH ? `${MASK}${value.slice(-4)}` : MASK;
  }
  /** The first eight and last four characters of a key longer than twelve, by which its owner knows it; else asterisks. */
  maskedKey(): string {
    const value = this.#value;
    const isLong = typeof value === 'string' && value.length > KEY_HEAD + KEY_TAIL;
    return isLong ? `${value.slice(0, KEY_HEAD)}...${value.slice(-KEY_TAIL)}` : MASK;
  }
  toString(): string {
    return HIDDEN;
  }
  toJSON(): string {
    return HIDDEN;
  }
  [Symbol.toPrimitive](): string {
    return HIDDEN;
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return HIDDEN;
  }
}
