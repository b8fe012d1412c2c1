import type { Secret } from '@patchbay/llm/credentials/secret';

/** Bytes that are held over all calls, counted where they come and go. */
export interface HeldBytes {
  now: number;
  readonly max: number;
}

/** One body as it went over the wire, up to a bound. */
export interface HeldBody {
  /** In memory of their own, so that they can be handed to another thread. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Length of the whole, in bytes. */
  readonly length: number;
  /** True when `bytes` are only its beginning. */
  readonly isCut: boolean;
}

/** What one attempt sent and got. */
export interface HeldExchange {
  /** Number of the attempt within the call, from 1. */
  readonly attempt: number;
  /** What presented the account; hidden wherever it appears. */
  readonly secrets: readonly Secret[];
  readonly request: HeldBody;
  readonly response: HeldBody;
}

/** Everything that a call's tap holds. */
export interface HeldCall {
  readonly request: HeldBody;
  readonly response: HeldBody;
  readonly exchanges: readonly HeldExchange[];
}

/** What of a call's record its tap is, where it has one. */
export const tapped = (tap: CallTap | undefined): { readonly tap?: CallTap } => (tap === undefined ? {} : { tap });

/** Hears one exchange with an upstream. */
export interface ExchangeTap {
  sent(bytes: string | Uint8Array): void;
  received(bytes: Buffer): void;
}

/**
 * Hears the bodies of one call as its client and its upstreams see them; no headers. It copies what it is given, at most
 * `bytesMax` of each body, and lets go of all of it once `held` is full: a call never waits for its tap.
 */
export class CallTap {
  readonly #bytesMax: number;
  readonly #held: HeldBytes;
  readonly #request: BodyTap;
  readonly #response: BodyTap;
  readonly #exchanges: { attempt: number; secrets: readonly Secret[]; request: BodyTap; response: BodyTap }[] = [];
  #bytes = 0;
  #isFull = false;

  constructor(bytesMax: number, held: HeldBytes) {
    this.#bytesMax = bytesMax;
    this.#held = held;
    this.#request = this.#body();
    this.#response = this.#body();
  }

  /** True when there was no room for all of the call: nothing of it is held. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** The client sent this. */
  asked(bytes: Uint8Array): void {
    this.#request.add(bytes);
  }

  /** The client is sent this. */
  answered(bytes: string | Uint8Array): void {
    this.#response.add(bytes);
  }

  /** An attempt begins. */
  exchange(attempt: number, secrets: readonly Secret[]): ExchangeTap {
    const request = this.#body();
    const response = this.#body();
    this.#exchanges.push({ attempt, secrets, request, response });
    return { sent: (bytes) => request.add(bytes), received: (bytes) => response.add(bytes) };
  }

  take(): HeldCall {
    return {
      request: this.#request.take(),
      response: this.#response.take(),
      exchanges: this.#exchanges.map(({ attempt, secrets, request, response }) => ({
        attempt,
        secrets,
        request: request.take(),
        response: response.take(),
      })),
    };
  }

  /** Lets go of what is held; what comes later is not taken. */
  release(): void {
    this.#held.now -= this.#bytes;
    this.#bytes = 0;
    this.#isFull = true;
    this.#request.clear();
    this.#response.clear();
    for (const { request, response } of this.#exchanges) {
      request.clear();
      response.clear();
    }
  }

  readonly #body = (): BodyTap => new BodyTap(this.#bytesMax, (bytes) => this.#reserve(bytes));

  #reserve(bytes: number): boolean {
    if (this.#isFull) return false;
    if (this.#held.now + bytes > this.#held.max) {
      this.release();
      return false;
    }
    this.#held.now += bytes;
    this.#bytes += bytes;
    return true;
  }
}

/** Holds the beginning of one body. */
class BodyTap {
  readonly #bytesMax: number;
  readonly #reserve: (bytes: number) => boolean;
  #pieces: Buffer[] = [];
  #kept = 0;
  #length = 0;

  constructor(bytesMax: number, reserve: (bytes: number) => boolean) {
    this.#bytesMax = bytesMax;
    this.#reserve = reserve;
  }

  add(bytes: string | Uint8Array): void {
    this.#length += typeof bytes === 'string' ? Buffer.byteLength(bytes) : bytes.length;
    const room = this.#bytesMax - this.#kept;
    if (room <= 0) return;
    // A copy: a piece of a socket's buffer would hold all of it.
    const piece = typeof bytes === 'string' ? Buffer.from(bytes.slice(0, room)) : Buffer.from(bytes.subarray(0, room));
    if (!this.#reserve(piece.length)) return;
    this.#pieces.push(piece);
    this.#kept += piece.length;
  }

  take(): HeldBody {
    const bytes = new Uint8Array(this.#kept);
    let at = 0;
    for (const piece of this.#pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return { bytes, length: this.#length, isCut: this.#kept < this.#length };
  }

  clear(): void {
    this.#pieces = [];
    this.#kept = 0;
  }
}
