import type { OutgoingHttpHeaders } from 'node:http';

import type { Frame } from '@patchbay/llm/wire/codec';
import { SseDecoder } from '@patchbay/llm/transport/sse-decode';
import { parseJson } from '@patchbay/llm/wire/read';

import type { AnswerSink } from './client-sink.ts';
import { PassingSink } from './passing-sink.ts';

/** Some servers end a stream with OpenAI's last word. */
const DONE = '[DONE]';
const TYPE = 'application/json; charset=UTF-8';

/**
 * A stream of events as one JSON list whose elements leave one by one, which is what Google's servers answer callers
 * who do not ask for events. Every element keeps the bytes of its event. The list is valid JSON however the answer ends.
 */
export class ArraySink extends PassingSink {
  /** Stands in the place of an event that is no JSON, after which nothing more is written. */
  readonly #damaged: string;
  readonly #decoder = new SseDecoder();
  #elements = 0;
  #refused = false;
  #broken = false;

  constructor(client: AnswerSink, damaged: string) {
    super(client);
    this.#damaged = damaged;
  }

  override start(status: number, headers: OutgoingHttpHeaders): void {
    this.#refused = status >= 400;
    const { 'content-length': _length, ...rest } = headers;
    this.next.start(status, { ...rest, 'content-type': TYPE });
  }

  override write(data: Buffer | string): boolean {
    const text = this.#elementsOf(this.#decoder.push(bytesOf(data)));
    return text === '' || this.next.write(text);
  }

  override end(data?: Buffer | string): void {
    // Google's servers put a refusal into a list too.
    if (this.#refused) return this.next.end(this.#refusal(String(data ?? '')));
    const frames = data === undefined ? [] : this.#decoder.push(bytesOf(data));
    const text = this.#elementsOf([...frames, ...this.#decoder.end()]);
    this.next.end(`${text}${this.#elements === 0 ? '[' : ''}]`);
  }

  #refusal(text: string): string {
    const value = parseJson(text);
    return Array.isArray(value) ? text : `[${value === undefined ? this.#damaged : text}]`;
  }

  #elementsOf(frames: readonly Frame[]): string {
    let text = '';
    for (const { data } of frames) {
      if (data === DONE || this.#broken) continue;
      this.#broken = parseJson(data) === undefined;
      text += `${this.#elements === 0 ? '[' : ',\r\n'}${this.#broken ? this.#damaged : data}`;
      this.#elements += 1;
    }
    return text;
  }
}

const bytesOf = (data: Buffer | string): Buffer => (typeof data === 'string' ? Buffer.from(data) : data);
