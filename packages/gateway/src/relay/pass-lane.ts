import type { Failure } from '@patchbay/llm/model/failure';
import type { Usage } from '@patchbay/llm/model/usage';
import { lastBoundary } from '@patchbay/llm/transport/sse-boundary';
import { encodeFrame } from '@patchbay/llm/transport/sse-encode';
import { WIRE_FORMATS } from '@patchbay/llm/wire/registry';

import { PassTail } from './pass-tail.ts';
import { OVERSIZED } from './speech.ts';
import type { UpstreamHeaders } from './upstream.ts';

/** How the bytes of an answer become the caller's, where nothing has to be understood but their ends. */
export interface PassLane {
  /** False when the answer may become longer or shorter than it was announced; asked when it begins for the caller. */
  readonly keepsLength: boolean;
  /** True when the caller gets other bytes than the upstream sent. */
  readonly reshaped: boolean;
  /** What goes on to the client, in order; a failure ends the answer. */
  push(chunk: Buffer): readonly Buffer[] | Failure;
  /** What is still held when the upstream has said everything. */
  end(): readonly Buffer[];
  /** What tells the client that the answer broke off; without it, only the end of the connection can. */
  cut(failure: Failure): string | undefined;
  /** What the answer says of its usage, asked once it is over. */
  usage(): Usage | undefined;
}

/** The lane of an answer with these headers that passes byte for byte. */
export const byteLane = (headers: UpstreamHeaders): PassLane =>
  new ByteLane(/json|event-stream/.test(String(headers['content-type'] ?? '')));

/** The lane of an answer in OpenAI's shape: one that comes as events passes event by event. */
export const openAiLane = (headers: UpstreamHeaders): PassLane =>
  isEventStream(headers) ? new EventLane() : byteLane(headers);

/** True for an answer that comes as server-sent events, in clear: what is compressed has no events for us. */
export const isEventStream = (headers: UpstreamHeaders): boolean =>
  String(headers['content-type'] ?? '').includes('text/event-stream') && isClear(headers);

const isClear = (headers: UpstreamHeaders): boolean =>
  /^(?:identity)?$/.test(String(headers['content-encoding'] ?? ''));

/** Passes every chunk as it came. */
class ByteLane implements PassLane {
  readonly keepsLength = true;
  readonly reshaped = false;
  readonly #tail: PassTail | undefined;

  constructor(mayStateUsage: boolean) {
    this.#tail = mayStateUsage ? new PassTail() : undefined;
  }

  push(chunk: Buffer): readonly Buffer[] {
    this.#tail?.push(chunk);
    return [chunk];
  }

  end(): readonly Buffer[] {
    return [];
  }

  cut(): undefined {
    return undefined;
  }

  usage(): Usage | undefined {
    return this.#tail?.usage();
  }
}

/** An event that grows beyond this without an end is an attack or a fault; events with images stay below. */
const EVENT_BYTES_MAX = 32 * 1024 * 1024;

/** Passes whole events only, so that an error event can follow at any time. */
class EventLane implements PassLane {
  readonly keepsLength = false;
  readonly reshaped = false;
  readonly #tail = new PassTail();
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** The last bytes that are held: a blank line may begin among them. */
  #joint = NOTHING;

  push(chunk: Buffer): readonly Buffer[] | Failure {
    const seen = this.#joint.length;
    const fresh = seen === 0 ? chunk : Buffer.concat([this.#joint, chunk]);
    const cut = lastBoundary(fresh) - seen;
    if (cut <= 0) return this.#hold(chunk, fresh);
    const whole = [...this.#held, chunk.subarray(0, cut)];
    for (const piece of whole) this.#tail.push(piece);
    this.#held = [];
    this.#heldBytes = 0;
    this.#joint = NOTHING;
    const rest = Buffer.from(chunk.subarray(cut));
    const held = rest.length === 0 ? whole : this.#hold(rest, rest);
    return 'kind' in held ? held : whole;
  }

  #hold(piece: Buffer, end: Buffer): readonly Buffer[] | Failure {
    this.#held.push(piece);
    this.#heldBytes += piece.length;
    this.#joint = Buffer.from(end.subarray(-BOUNDARY_REST_BYTES));
    return this.#heldBytes > EVENT_BYTES_MAX ? OVERSIZED : [];
  }

  end(): readonly Buffer[] {
    for (const piece of this.#held) this.#tail.push(piece);
    return this.#held;
  }

  cut(failure: Failure): string {
    return encodeFrame({ event: '', data: JSON.stringify(WIRE_FORMATS['openai-chat'].encodeFailure(failure).body) });
  }

  usage(): Usage | undefined {
    return this.#tail.usage();
  }
}

const NOTHING = Buffer.alloc(0);
/** All but the last byte of the longest blank line. */
const BOUNDARY_REST_BYTES = 3;
