/** Things that are told by calling, to be read once by `for await`. Holds what nobody has read yet. */
export class ToldEvents<T> {
  readonly #waiting: T[] = [];
  #wake = Promise.withResolvers<void>();
  #isOver = false;
  #fault: unknown;

  tell(items: readonly T[]): void {
    this.#waiting.push(...items);
    this.#wake.resolve();
  }

  /** Nothing more comes. With a fault the reader gets that at the end. */
  end(fault?: unknown): void {
    this.#isOver = true;
    this.#fault = fault;
    this.#wake.resolve();
  }

  async *read(): AsyncGenerator<T> {
    for (;;) {
      yield* this.#waiting.splice(0);
      if (this.#waiting.length > 0) continue;
      if (this.#isOver) break;
      await this.#wake.promise;
      this.#wake = Promise.withResolvers();
    }
    if (this.#fault !== undefined) throw this.#fault;
  }
}
