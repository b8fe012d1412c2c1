const HIDDEN = '[secret]';

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
  /** `text` without this secret: an upstream may repeat in its answer what it was sent. */
  hideIn(text: string): string {
    const value = this.#value;
    return typeof value === 'string' && value !== '' ? text.replaceAll(value, HIDDEN) : text;
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
