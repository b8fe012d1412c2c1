import type { Secret } from '@patchbay/llm/credentials/secret';
import type { Clock } from '@patchbay/llm/model/clock';

import type { CoordinationState } from '../coordination.ts';
import { connectRedis, RedisRefusal, type RedisConnection } from './connect.ts';
import { afterReading, PendingAnswers } from './pending-answers.ts';

/** How long a Redis is borne with. */
export interface Patience {
  /** A greeting that takes longer is slow, in milliseconds; three in a row, and it is not asked until three are quick. */
  readonly slowMs: number;
  /** With no answer at all for so long it is taken for dead, in milliseconds. */
  readonly silentMs: number;
}

/** Three calls of a request, one after the other, stay below 10 ms; a dead server is noticed in half a second. */
export const PATIENCE: Patience = { slowMs: 3, silentMs: 250 };

/** What a link is made of. */
export interface LinkParts {
  readonly url: Secret;
  readonly clock: Clock;
  readonly random: () => number;
  readonly patience: Patience;
  readonly onError: (error: unknown) => void;
}

/** How often a server is greeted, in milliseconds. */
const GREET_MS = 200;
/** Greetings that are judged together: three of 250 ms at most are less than a second. */
const GREETINGS = 3;
const PAUSE_MIN_MS = 100;
const PAUSE_MAX_MS = 5000;
/** A link that was up for so long, in milliseconds, has recovered: its next loss is a first one. */
const RECOVERED_MS = 30_000;
/** For so long after a refusal it is called degraded, in milliseconds. */
const REFUSING_MS = 5000;
/** A refusal of the same kind is told again after this, in milliseconds: a full server refuses every call. */
const TELL_AGAIN_MS = 60_000;

type Status = CoordinationState['status'];

/** The way to one Redis. Nobody waits for one that is slow or dead: whoever asks is told so at once. */
export class RedisLink {
  readonly #parts: LinkParts;
  readonly #closing = new AbortController();
  readonly #onUp = new Set<() => void>();
  readonly #onConnection = new Set<(connection: RedisConnection) => void>();
  readonly #running: Promise<void>;
  readonly #firstTry = Promise.withResolvers<void>();
  #connection: RedisConnection | undefined;
  #pending: PendingAnswers;
  #status: Status = 'down';
  #sinceMs: number;
  #why: string | undefined = 'It is not connected yet.';
  #refusal: { readonly why: string; readonly atMs: number } | undefined;
  /** When each kind of refusal was told last. */
  readonly #toldMs = new Map<string, number>();
  #aheadMs = 0;

  constructor(parts: LinkParts) {
    this.#parts = parts;
    this.#sinceMs = parts.clock.nowMs();
    this.#pending = this.#newPending();
    this.#running = this.#run();
  }

  /** Resolves when the first try to connect has come to an end, whichever. */
  get tried(): Promise<void> {
    return this.#firstTry.promise;
  }

  /** The server's time in milliseconds since 1970, by which all processes go. */
  nowMs(): number {
    return Math.round(this.#parts.clock.nowMs() + this.#aheadMs);
  }

  /** Calls back whenever the server can be asked again. */
  whenUp(task: () => void): void {
    this.#onUp.add(task);
  }

  /** Calls back with every new connection. */
  whenConnected(task: (connection: RedisConnection) => void): void {
    this.#onConnection.add(task);
  }

  /** What the server answers; without it what `otherwise` gives, which is told whether the server may have got it. */
  async ask<Answer>(
    send: (connection: RedisConnection) => Promise<Answer>,
    otherwise: (wasSent: boolean) => Answer | Promise<Answer>,
  ): Promise<Answer> {
    const connection = this.#connection;
    if (connection === undefined || this.#status !== 'up') return otherwise(false);
    try {
      const answered = await this.#pending.wait(send(connection));
      if (answered === undefined) return await otherwise(true);
      return answered.answer;
    } catch (error) {
      this.#noteFailure(connection, error);
      return otherwise(true);
    }
  }

  state(): CoordinationState {
    const { why: refusal, atMs = -Infinity } = this.#refusal ?? {};
    const refused = this.#status === 'up' && this.#parts.clock.monotonicMs() - atMs < REFUSING_MS;
    const why = refused ? refusal : this.#why;
    return {
      where: 'redis',
      status: refused ? 'degraded' : this.#status,
      sinceMs: this.#sinceMs,
      ...(why !== undefined && { why }),
    };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#connection?.close();
    this.#pending.giveUp();
    await this.#running;
  }

  #noteFailure(connection: RedisConnection, error: unknown): void {
    if (!(error instanceof RedisRefusal)) return this.#lose(connection, `The connection broke (${wordsOf(error)}).`);
    const atMs = this.#parts.clock.monotonicMs();
    this.#refusal = { why: error.message, atMs };
    if (atMs - (this.#toldMs.get(error.code) ?? -Infinity) < TELL_AGAIN_MS) return undefined;
    this.#toldMs.set(error.code, atMs);
    return this.#parts.onError(error);
  }

  async #run(): Promise<void> {
    const { clock, random, url } = this.#parts;
    for (let losses = 0; !this.#closing.signal.aborted; losses += 1) {
      const startedMs = clock.monotonicMs();
      try {
        await this.#serve(await connectRedis(url, clock));
      } catch (error) {
        this.#set('down', `It cannot be reached (${wordsOf(error)}).`);
      }
      this.#firstTry.resolve();
      if (clock.monotonicMs() - startedMs > RECOVERED_MS) losses = 0;
      const pauseMs = Math.min(PAUSE_MAX_MS, PAUSE_MIN_MS * 2 ** Math.min(losses, 10));
      await clock.sleep(pauseMs * (0.5 + random() / 2), this.#closing.signal);
    }
  }

  /** Ends with the connection. */
  async #serve(connection: RedisConnection): Promise<void> {
    this.#connection = connection;
    this.#pending = this.#newPending();
    if (this.#closing.signal.aborted) connection.close();
    void connection.ended.then((why) => this.#lose(connection, `The connection ended (${wordsOf(why)}).`));
    await this.#setTime(connection);
    for (const task of this.#onConnection) task(connection);
    let recent: readonly boolean[] = [];
    while (this.#connection === connection) {
      const pause = this.#parts.clock.sleep(GREET_MS, this.#closing.signal);
      recent = [...recent, await this.#isQuick(connection)].slice(-GREETINGS);
      if (this.#connection !== connection) break;
      this.#judge(recent);
      // Right after connecting nobody should wait for the verdict.
      if (this.#status !== 'down') {
        this.#firstTry.resolve();
        await pause;
      }
    }
  }

  #judge(recent: readonly boolean[]): void {
    const isFull = recent.length === GREETINGS;
    if (isFull && !recent.includes(true)) this.#degrade();
    else if (this.#status === 'down' && recent.at(-1) === true) this.#set('up');
    else if (this.#status === 'degraded' && isFull && !recent.includes(false)) this.#set('up');
  }

  /** Lets those go who wait for answers of the slow server, too. */
  #degrade(): void {
    this.#set('degraded', `It takes more than ${this.#parts.patience.slowMs} ms to answer.`);
    this.#pending.giveUp();
    this.#pending = this.#newPending();
  }

  async #isQuick(connection: RedisConnection): Promise<boolean> {
    const answered = this.#pending.wait(connection.send(['PING'])).then(
      (answer) => answer !== undefined,
      (error: unknown) => {
        if (!(error instanceof RedisRefusal)) this.#noteFailure(connection, error);
        return false;
      },
    );
    const inTime = new AbortController();
    const late = afterReading(this.#parts.clock, this.#parts.patience.slowMs, inTime.signal).then(() => false);
    const isQuick = await Promise.race([answered, late]);
    inTime.abort();
    await answered;
    return isQuick;
  }

  async #setTime(connection: RedisConnection): Promise<void> {
    const { clock } = this.#parts;
    const beforeMs = clock.nowMs();
    const answered = await this.#pending.wait(connection.send(['TIME']));
    if (answered === undefined) return;
    // Seconds, and microseconds of the second.
    const [seconds = 0, micros = 0] = (answered.answer as readonly string[]).map(Number);
    this.#aheadMs = seconds * 1000 + micros / 1000 - (beforeMs + clock.nowMs()) / 2;
  }

  #newPending(): PendingAnswers {
    const { clock, patience } = this.#parts;
    return new PendingAnswers(clock, patience.silentMs, () => {
      if (this.#connection !== undefined) this.#lose(this.#connection, `It said nothing for ${patience.silentMs} ms.`);
    });
  }

  #lose(connection: RedisConnection, why: string): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    this.#pending.giveUp();
    connection.close();
    this.#set('down', why);
  }

  #set(status: Status, why?: string): void {
    this.#why = why;
    if (status === this.#status) return;
    this.#status = status;
    this.#sinceMs = this.#parts.clock.nowMs();
    if (this.#closing.signal.aborted) return;
    if (status !== 'up') this.#parts.onError(new Error(`Redis is ${status}. ${why ?? ''}`));
    else for (const task of this.#onUp) task();
  }
}

/** What an error says, and nothing of where the server is or how to sign in to it. */
const wordsOf = (error: unknown): string => {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return typeof code === 'string' && code !== '' ? code : String(message ?? error);
};
