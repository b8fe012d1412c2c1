import type { OnReadOpts } from 'node:net';
import { Duplex } from 'node:stream';

import type { Clock } from '@patchbay/llm/model/clock';

import { TunnelFault, type Greeting } from './proxy-greeting.ts';

/** How long a proxy may take, in milliseconds. */
export interface ProxyTimeouts {
  /** Until it can be spoken to, its TLS included. Default 2,500: less than a call waits for a connection. */
  readonly dialMs: number;
  /** From then until the tunnel is there, which holds its own way to the target. Default 6,000: less than a probe waits. */
  readonly answerMs: number;
}

/** What a tunnel is made of. */
export interface TunnelParts {
  /** Dials the proxy with the given reader; may throw. */
  readonly open: (onread: OnReadOpts) => Duplex;
  /** The event of that connection that says it can be written to. */
  readonly upEvent: 'connect' | 'secureConnect';
  readonly greeting: Greeting;
  /** Settles when the target has been judged; rejects when it must not be reached. */
  readonly judged: Promise<void>;
  readonly timeouts: ProxyTimeouts;
  readonly clock: Clock;
}

/** Longest answer of a proxy before the tunnel is there, in bytes. */
const ANSWER_BYTES_MAX = 16 * 1024;
/** Every tunnel reads into this one buffer: what is read is copied before the next read. */
const READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024);

/**
 * A connection through a proxy. It is up with the event `connect`; what is written before waits. Ends with an error that
 * has the target's code, or one that begins with `PROXY_` where the proxy is at fault.
 */
export class ProxyTunnel extends Duplex {
  readonly #greeting: Greeting;
  readonly #judged: Promise<void>;
  readonly #clock: Clock;
  /** Ends the watch over the phase that runs. */
  #phase = new AbortController();
  #line: Duplex | undefined;
  #held: Buffer = Buffer.alloc(0);
  #isOpen = false;
  #whenOpen: (() => void) | undefined;

  constructor({ open, upEvent, greeting, judged, timeouts, clock }: TunnelParts) {
    super({ allowHalfOpen: false });
    this.#greeting = greeting;
    this.#judged = judged;
    this.#clock = clock;
    // Told later, as every other fault is: whoever dials does not hold the tunnel yet.
    process.nextTick(() => this.#dial(open, upEvent, timeouts));
  }

  #dial(open: TunnelParts['open'], upEvent: TunnelParts['upEvent'], { dialMs, answerMs }: ProxyTimeouts): void {
    if (this.destroyed) return;
    this.#watch(dialMs, 'the proxy could not be reached in time');
    try {
      this.#line = open({ buffer: READ_BUFFER, callback: (bytes) => this.#onRead(bytes) });
    } catch (error) {
      return this.#onLineError(error as Error);
    }
    this.#line.on('error', (error) => this.#onLineError(error));
    this.#line.on('end', () => this.#onLineEnd());
    this.#line.on('close', () => this.#onLineEnd());
    this.#line.once(upEvent, () => {
      this.#watch(answerMs, 'the proxy did not answer in time');
      this.#judged.then(
        () => this.#line?.write(this.#greeting.first),
        (error: Error) => this.destroy(error),
      );
    });
  }

  /** Faults the proxy with this sentence unless the next phase begins before. */
  #watch(ms: number, what: string): void {
    this.#phase.abort();
    this.#phase = new AbortController();
    const { signal } = this.#phase;
    void this.#clock.sleep(ms, signal).then(() => {
      if (!signal.aborted) this.destroy(new TunnelFault('PROXY_TIMEOUT', what));
    });
  }

  #onRead(bytes: number): boolean {
    const read = Buffer.from(READ_BUFFER.subarray(0, bytes));
    if (this.#isOpen) return this.push(read);
    this.#held = Buffer.concat([this.#held, read]);
    this.#understand();
    return true;
  }

  #understand(): void {
    while (this.#held.length > 0 && !this.#isOpen) {
      const understood = this.#greeting.understand(this.#held);
      if (understood.kind === 'fault') return void this.destroy(understood.fault);
      if (understood.kind === 'more') return this.#checkLength();
      this.#held = this.#held.subarray(understood.used);
      if (understood.kind === 'say') this.#line?.write(understood.bytes);
      else this.#open();
    }
  }

  #checkLength(): void {
    if (this.#held.length <= ANSWER_BYTES_MAX) return;
    this.destroy(new TunnelFault('PROXY_MALFORMED', 'the proxy’s answer is longer than 16 KiB'));
  }

  #open(): void {
    this.#isOpen = true;
    this.#phase.abort();
    this.emit('connect');
    this.#whenOpen?.();
    this.#whenOpen = undefined;
    if (this.#held.length > 0) this.push(this.#held);
  }

  #onLineError(error: Error & { code?: string }): void {
    // An open tunnel is broken by whoever breaks it: nobody can tell.
    if (this.#isOpen) return void this.destroy(error);
    this.destroy(new TunnelFault(`PROXY_${error.code ?? error.name}`, `the way to the proxy: ${error.message}`));
  }

  #onLineEnd(): void {
    if (this.#isOpen) return void (this.readableEnded || this.push(null));
    this.destroy(new TunnelFault('PROXY_CLOSED', 'the proxy closed the connection before the tunnel was there'));
  }

  override _read(): void {
    if (this.#isOpen) this.#line?.resume();
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#once(() => this.#line?.write(chunk, done));
  }

  override _writev(chunks: readonly { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#once(() => this.#line?.write(Buffer.concat(chunks.map(({ chunk }) => chunk)), done));
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#once(() => this.#line?.end(done));
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#phase.abort();
    this.#whenOpen = undefined;
    this.#line?.destroy();
    done(error);
  }

  /** Now, or when the tunnel is there. A stream asks for one thing at a time. */
  #once(task: () => void): void {
    if (this.#isOpen) task();
    else this.#whenOpen = task;
  }
}
