import type { JsonObject } from '@patchbay/llm/model/json';
import { encodeFrame } from '@patchbay/llm/transport/sse-encode';
import type { Frame } from '@patchbay/llm/wire/codec';

import type { AnswerSink } from '../../relay/client-sink.ts';
import { DetachedSink } from '../../relay/detached-sink.ts';
import { responseIn } from './keeping-codec.ts';

/** Longest stream that can be heard again, in bytes; of a longer one only the answer is kept. */
const STREAM_BYTES_MAX = 16 * 1024 * 1024;

/** Events that hold the answer as it is then. */
const STATES = /^response\.(?:created|in_progress|completed|incomplete|failed)$/;
const LAST = /^response\.(?:completed|incomplete|failed)$/;
const STREAM_HEADERS = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' };

/** One answer that is made while nobody waits: what it is so far, and the events that told it. */
export class BackgroundRun {
  readonly id: string;
  readonly keyId: string;
  readonly sink: DetachedSink;
  /** The answer as it is now. */
  response: JsonObject;
  /** True once nothing more will be said. */
  over = false;
  /** True once its caller has deleted it. */
  removed = false;
  #frames: Frame[] = [];
  #bytes = 0;
  #overflowed = false;
  readonly #followers = new Set<() => void>();

  constructor(keyId: string, id: string, response: JsonObject) {
    this.keyId = keyId;
    this.id = id;
    this.response = response;
    this.sink = new DetachedSink((frame) => this.hear(frame));
  }

  /** False when its events were too many to be held. */
  get canBeHeard(): boolean {
    return !this.#overflowed;
  }

  hear(frame: Frame): void {
    if (this.over) return;
    // Another provider may have answered in the end, whose ids its own answers have.
    if (STATES.test(frame.event)) this.response = { ...responseIn(frame), id: this.id, background: true };
    this.over = LAST.test(frame.event);
    this.#bytes += frame.data.length;
    if (this.#bytes > STREAM_BYTES_MAX) {
      this.#overflowed = true;
      this.#frames = [];
    } else this.#frames.push(frame);
    this.#tell();
  }

  /** Ends the answer with a word that no event has said. */
  settle(response: JsonObject): void {
    if (this.over) return;
    this.response = response;
    this.over = true;
    this.#tell();
  }

  #tell(): void {
    for (const follower of this.#followers) follower();
  }

  /** Tells a client the events after the one with this number, those that are still to come as they come. */
  follow(client: AnswerSink, startingAfter: number): void {
    let next = startingAfter + 1;
    let behind = false;
    const write = (): void => {
      if (this.#overflowed) return stop();
      while (!behind && next < this.#frames.length) {
        behind = !client.write(encodeFrame(this.#frames[next] as Frame));
        next += 1;
      }
      if (this.over && !behind) stop();
    };
    const stop = (): void => {
      this.#followers.delete(write);
      client.watcher = undefined;
      client.end();
    };
    client.watcher = {
      onGone: () => this.#followers.delete(write),
      onReady: () => {
        behind = false;
        write();
      },
    };
    client.start(200, STREAM_HEADERS);
    this.#followers.add(write);
    write();
  }
}
