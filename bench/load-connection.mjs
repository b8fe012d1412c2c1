import net from 'node:net';
import { AnswerReader } from './answer-reader.mjs';
import { looksComplete, verifyAnswer } from './verify-answer.mjs';

/** Every answer gets the cheap check; one in so many per connection is read whole. */
const VERIFY_EVERY = 64;
/** A silence within a running stream that a reader would notice. */
const STALL_MS = 100;
// One buffer for all connections: a read is used up before the next one happens.
const readBuffer = Buffer.allocUnsafeSlow(256 * 1024);

/** One keep-alive connection that sends the same request again and again, whenever its owner says so. */
export class LoadConnection {
  /** `tally` collects the counts, `onIdle(connection)` is called when an answer is over or the connection fell. */
  constructor(plan, tally, onIdle) {
    this.plan = plan;
    this.tally = tally;
    this.onIdle = onIdle;
    this.reader = new AnswerReader();
    this.answers = 0;
    this.isBusy = false;
    this.isStopped = false;
  }

  /** Sends one request. Latency counts from `sinceMs`, by default now. */
  send(sinceMs = performance.now()) {
    this.isBusy = true;
    this.sinceMs = sinceMs;
    this.firstMs = 0;
    this.lastMs = 0;
    this.reader.reset(this.answers % VERIFY_EVERY === 0);
    if (this.socket === undefined) this.#connect();
    this.socket.write(this.plan.request);
  }

  stop() {
    this.isStopped = true;
    this.socket?.destroy();
  }

  #connect() {
    const { host, port } = this.plan;
    const onread = { buffer: readBuffer, callback: (length) => this.#onBytes(length) };
    const socket = net.connect({ host, port, noDelay: true, onread });
    this.socket = socket;
    socket.on('error', (error) => this.tally.note(error.message));
    socket.on('close', () => this.#onClose(socket));
  }

  #onClose(socket) {
    if (this.socket === socket) this.socket = undefined;
    if (this.isStopped || !this.isBusy) return;
    this.isBusy = false;
    this.tally.errors += 1;
    this.tally.note('The connection closed before the answer was complete.');
    // Not at once: a gateway that refuses connections would otherwise be asked in a tight loop.
    setTimeout(() => this.onIdle(this), 20);
  }

  #onBytes(length) {
    const now = performance.now();
    const { reader, tally } = this;
    tally.bytes += length;
    tally.reads += 1;
    const isOver = reader.push(readBuffer.subarray(0, length));
    if (this.firstMs === 0) {
      if (reader.bodyBytes > 0) this.firstMs = now;
    } else if (now - this.lastMs > STALL_MS) {
      tally.stalls += 1;
      this.hasStalled = true;
    }
    this.lastMs = now;
    if (isOver) this.#onAnswer(now);
    return true;
  }

  #onAnswer(now) {
    const { tally, reader, plan } = this;
    this.isBusy = false;
    const problem = this.#problem();
    if (problem === undefined) {
      tally.requests += 1;
      tally.answerBytes += reader.bodyBytes;
      tally.latenciesMs.push(now - this.sinceMs);
      tally.firstBytesMs.push(this.firstMs - this.sinceMs);
      if (this.hasStalled) tally.stalledStreams += 1;
    } else {
      tally.bad += 1;
      tally.note(problem);
    }
    this.hasStalled = false;
    this.answers += 1;
    if (/\r\nconnection: *close/i.test(reader.head)) {
      this.socket.destroy();
      this.socket = undefined;
    }
    if (plan.isBatch !== true) this.onIdle(this);
  }

  #problem() {
    const { reader, plan } = this;
    if (!looksComplete(plan.expected, reader)) {
      return `Status ${reader.status}, ${reader.bodyBytes} bytes: ${reader.keepsBody ? reader.body().slice(0, 300) : reader.tail.slice(-100)}`;
    }
    return reader.keepsBody ? verifyAnswer(plan.expected, reader.body()) : undefined;
  }
}
