import type { OnReadOpts } from 'node:net';
import type { Duplex } from 'node:stream';

import type { Deadline, DeadlineWheel } from '../deadline-wheel.ts';
import type { UpstreamBody } from '../upstream.ts';
import { PieceWriter } from './piece-writer.ts';
import type { ResponseHead } from './response-head.ts';
import { ResponseReader, type ResponseListener } from './response-reader.ts';

/** The exchange a connection works for. */
export interface ConnectionUser {
  onUp(): void;
  onHead(head: ResponseHead): void;
  onBody(data: Buffer): void;
  onComplete(): void;
  onBroken(error: Error): void;
}

/** Where a connection goes when it is free or over. */
export interface ConnectionHome {
  onFree(connection: Connection): void;
  onOver(connection: Connection): void;
}

/** One request as it goes out. */
export interface OutgoingRequest {
  readonly head: string;
  /** Whole, or on its way. */
  readonly body: Buffer | UpstreamBody | undefined;
  /** True when only the head of an answer is asked for. */
  readonly wantsHead: boolean;
}

/** Every connection reads into this one buffer: what is read is used or copied before the next read. */
const READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024);
/** Requests up to this many bytes leave as one buffer; copying them is cheaper than a second write. */
const ONE_WRITE_BYTES = 16 * 1024;

/** Why a connection ended, with a code that `networkFailure` can name. */
export class ConnectionFault extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** One connection to an upstream, used by one exchange after another. */
export class Connection implements ResponseListener {
  readonly #home: ConnectionHome;
  readonly #wheel: DeadlineWheel;
  readonly #socket: Duplex;
  readonly #reader = new ResponseReader();
  readonly #idle: Deadline;
  #user: ConnectionUser | undefined;
  #upload: PieceWriter | undefined;
  #keepMs = 0;
  #error: Error | undefined;
  #over = false;

  /** `open` dials with the given reader; `upEvent` is the event of its socket that says it can be written to. */
  constructor(
    open: (onread: OnReadOpts) => Duplex,
    upEvent: 'connect' | 'secureConnect',
    user: ConnectionUser,
    home: ConnectionHome,
    wheel: DeadlineWheel,
  ) {
    this.#home = home;
    this.#wheel = wheel;
    this.#user = user;
    this.#idle = { atMs: 0, onDue: () => this.close() };
    this.#socket = open({ buffer: READ_BUFFER, callback: (bytes) => this.#onRead(bytes) });
    this.#socket.on('error', (error) => (this.#error = error));
    this.#socket.on('end', () => this.#onOver());
    this.#socket.on('close', () => this.#onOver());
    this.#socket.on('drain', () => this.#upload?.onDrain());
    this.#socket.once(upEvent, () => this.#onUp());
    wheel.add(this.#idle);
  }

  get socket(): Duplex {
    return this.#socket;
  }

  /** Takes a free connection into use. */
  use(user: ConnectionUser): void {
    this.#idle.atMs = 0;
    this.#user = user;
  }

  send({ head, body, wantsHead }: OutgoingRequest): void {
    this.#reader.begin(this, wantsHead);
    if (body === undefined) return void this.#socket.write(head, 'latin1');
    if (!Buffer.isBuffer(body)) return this.#sendPieces(head, body);
    if (head.length + body.length <= ONE_WRITE_BYTES) {
      const whole = Buffer.allocUnsafe(head.length + body.length);
      whole.write(head, 'latin1');
      body.copy(whole, head.length);
      return void this.#socket.write(whole);
    }
    this.#socket.cork();
    this.#socket.write(head, 'latin1');
    this.#socket.write(body);
    this.#socket.uncork();
  }

  #sendPieces(head: string, body: UpstreamBody): void {
    this.#socket.write(head, 'latin1');
    this.#upload = new PieceWriter(this.#socket, body, (error) => this.fail(error));
    body.start(this.#upload);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Ends the connection and tells its user why. */
  fail(error: Error): void {
    const user = this.#user;
    this.close();
    user?.onBroken(error);
  }

  /** Ends the connection; its user hears nothing more. */
  close(): void {
    this.#user = undefined;
    this.#upload?.close();
    this.#socket.destroy();
    this.#leave();
  }

  #onUp(): void {
    // A socket that was paused while it was being opened reads all the same.
    if (this.#socket.isPaused()) this.#socket.pause();
    this.#user?.onUp();
  }

  #onRead(bytes: number): boolean {
    // Nobody asked for anything: the other side is confused or closing.
    if (this.#user === undefined) this.close();
    else this.#reader.read(READ_BUFFER.subarray(0, bytes));
    return true;
  }

  onHead(head: ResponseHead): void {
    this.#keepMs = head.keepMs;
    this.#user?.onHead(head);
  }

  onBody(data: Buffer): void {
    this.#user?.onBody(data);
  }

  onComplete(clean: boolean): void {
    const user = this.#user;
    this.#user = undefined;
    // A request that is still being sent after its answer would run into the next one.
    const sent = this.#socket.writableLength === 0 && this.#upload?.unfinished !== true;
    const reusable = clean && this.#keepMs > 0 && sent && !this.#over;
    this.#upload?.close();
    this.#upload = undefined;
    if (reusable) this.#free();
    else this.close();
    user?.onComplete();
  }

  #free(): void {
    // The last read may have come while its user was behind.
    if (this.#socket.isPaused()) this.#socket.resume();
    this.#idle.atMs = this.#wheel.nowMs() + this.#keepMs;
    this.#home.onFree(this);
  }

  onMalformed(what: string): void {
    this.fail(new ConnectionFault('MALFORMED_RESPONSE', `the answer had ${what}`));
  }

  #onOver(): void {
    if (this.#over) return;
    if (this.#error === undefined && this.#reader.end()) return;
    this.fail(this.#error ?? new ConnectionFault('ECONNRESET', 'the other side closed the connection'));
  }

  #leave(): void {
    if (this.#over) return;
    this.#over = true;
    this.#wheel.remove(this.#idle);
    this.#home.onOver(this);
  }
}
