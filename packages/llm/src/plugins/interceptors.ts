/** Stands around one piece of work: may change what goes in and what comes out, do without it, or do it again. */
export type Interceptor<Input, Output> = (input: Input, next: (input: Input) => Promise<Output>) => Promise<Output>;

/** Interceptors around any work; the first added is outermost. */
export class InterceptorChain<Input, Output> {
  #all: readonly Interceptor<Input, Output>[] = [];

  add(interceptor: Interceptor<Input, Output>): this {
    this.#all = [...this.#all, interceptor];
    return this;
  }

  /** Whether it was there. */
  remove(interceptor: Interceptor<Input, Output>): boolean {
    const before = this.#all.length;
    this.#all = this.#all.filter((each) => each !== interceptor);
    return this.#all.length < before;
  }

  get length(): number {
    return this.#all.length;
  }

  /** Does `work` with all that are there now around it. */
  run(input: Input, work: (input: Input) => Promise<Output>): Promise<Output> {
    return this.#all.reduceRight<(input: Input) => Promise<Output>>(
      (next, each) => (given) => each(given, next),
      work,
    )(input);
  }
}
