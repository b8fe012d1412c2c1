import type { Clock } from '@patchbay/llm/model/clock';

/** What the uses of keys are written down with. */
export interface KeyUsesParts {
  readonly write: (uses: ReadonlyMap<string, number>) => Promise<void>;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

/** How often uses are written down, in milliseconds: whoever looks wants to know the day. */
const WRITE_MS = 5000;

/** When each key was last used, written down now and then, so that no call waits for it. */
export class KeyUses {
  readonly #parts: KeyUsesParts;
  readonly #stop: () => void;
  #uses = new Map<string, number>();

  constructor(parts: KeyUsesParts) {
    this.#parts = parts;
    this.#stop = parts.clock.every(WRITE_MS, () => void this.#write());
  }

  note(keyId: string): void {
    this.#uses.set(keyId, this.#parts.clock.nowMs());
  }

  /** Writes what is left. */
  close(): Promise<void> {
    this.#stop();
    return this.#write();
  }

  /** Uses that could not be written wait for the next time, unless the key was used again. */
  async #write(): Promise<void> {
    const uses = this.#uses;
    if (uses.size === 0) return;
    this.#uses = new Map();
    await this.#parts.write(uses).catch((error: unknown) => {
      this.#uses = new Map([...uses, ...this.#uses]);
      this.#parts.onError(error);
    });
  }
}
