import type { Clock } from '@patchbay/llm/model/clock';
import type { FastifyReply } from 'fastify';

import type { Answer, Circumstances } from '../../operations/handler.ts';
import { failureBody } from './present.ts';

/** Silence after which the client of a stream is told that it lives, in milliseconds. */
const KEEP_ALIVE_MS = 15_000;

type Progress = Parameters<NonNullable<Circumstances['tell']>>[0];

/**
 * An answer that is told event by event: `started`, `progress` and `item` as often as there is something, in the end
 * `done` with the whole answer, or `error`. It begins with the first event, so that what fails before has its own status.
 */
export class EventAnswer {
  begun = false;
  readonly #reply: FastifyReply;
  readonly #clock: Pick<Clock, 'every'>;
  readonly #trace: Circumstances['trace'];
  #stopKeepingAlive: (() => void) | undefined;

  constructor(reply: FastifyReply, clock: Pick<Clock, 'every'>, trace: Circumstances['trace']) {
    this.#reply = reply;
    this.#clock = clock;
    this.#trace = trace;
  }

  tell({ event, data }: Progress): void {
    if (!this.begun) this.#begin();
    this.#write(event, data);
  }

  /** The last word. */
  end(made: Answer<unknown>): FastifyReply {
    this.#stopKeepingAlive?.();
    if (made.ok) this.#write('done', made.said ?? made.value);
    else this.#write('error', failureBody(made.failure));
    this.#reply.raw.end();
    return this.#reply;
  }

  #begin(): void {
    this.begun = true;
    const { raw } = this.#reply.hijack();
    raw.on('error', () => raw.destroy());
    raw.on('close', () => this.#stopKeepingAlive?.());
    const traced = this.#trace === undefined ? {} : { 'x-trace-id': this.#trace.id };
    raw.writeHead(200, {
      ...(this.#reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'x-accel-buffering': 'no',
      ...traced,
    });
    this.#stopKeepingAlive = this.#clock.every(KEEP_ALIVE_MS, () => void raw.write(':\n\n'));
  }

  #write(event: string, data: unknown): void {
    const { raw } = this.#reply;
    if (raw.writable) raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }
}
