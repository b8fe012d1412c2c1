import type { Background } from './ports.ts';

export interface BackgroundOptions {
  /** Told of every task that failed. */
  readonly onError: (error: unknown) => void;
  /** Tasks at a time. Default 4: they dial providers. */
  readonly concurrent?: number;
  /** Tasks that may wait. Default 1,000; what comes then is left out. */
  readonly waiting?: number;
}

/** Tasks that run beside the requests that asked for them, and end with the gateway. */
export class BackgroundTasks implements Background {
  readonly #options: Required<BackgroundOptions>;
  readonly #queue: ((signal: AbortSignal) => Promise<void>)[] = [];
  readonly #running = new Set<Promise<void>>();
  readonly #end = new AbortController();

  constructor(options: BackgroundOptions) {
    this.#options = { concurrent: 4, waiting: 1000, ...options };
  }

  run(task: (signal: AbortSignal) => Promise<void>): void {
    if (this.#end.signal.aborted || this.#queue.length >= this.#options.waiting) return;
    this.#queue.push(task);
    this.#startNext();
  }

  /** Resolves when nothing runs or waits. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  /** Forgets what waits, aborts what runs, and resolves when that has ended. */
  async close(): Promise<void> {
    this.#queue.length = 0;
    this.#end.abort();
    await this.idle();
  }

  #startNext(): void {
    if (this.#running.size >= this.#options.concurrent) return;
    const task = this.#queue.shift();
    if (task === undefined) return;
    const running: Promise<void> = task(this.#end.signal)
      .catch(this.#options.onError)
      .then(() => {
        this.#running.delete(running);
        this.#startNext();
      });
    this.#running.add(running);
  }
}
