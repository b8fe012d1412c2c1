/** Names of the calls of one answer. Each has one of its own, because results find their calls by it. */
export class CallNames {
  readonly #given = new Set<string>();

  /** The name that the server gave, unless it is empty or another call has it; then `otherwise`. */
  own(given: string, otherwise: string): string {
    const name = given === '' || this.#given.has(given) ? otherwise : given;
    this.#given.add(name);
    return name;
  }

  /** True once a call has this name. */
  has(name: string): boolean {
    return this.#given.has(name);
  }
}
