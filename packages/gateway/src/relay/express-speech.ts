import { isOutput, type StreamEvent } from '@patchbay/llm/model/event';
import type { Failure } from '@patchbay/llm/model/failure';
import { NO_USAGE, type Usage } from '@patchbay/llm/model/usage';
import { lastBoundary } from '@patchbay/llm/transport/sse-boundary';
import { SseDecoder } from '@patchbay/llm/transport/sse-decode';
import { encodeFrame } from '@patchbay/llm/transport/sse-encode';
import type { ClientCodec, StreamMachine, Frame, UpstreamCodec } from '@patchbay/llm/wire/codec';

import { isEventText, readWhole } from './read-whole.ts';
import { readRefusal } from './refusal-body.ts';
import {
  CUT_OFF,
  OVERSIZED,
  type LaneEnd,
  type LaneOutput,
  type Speech,
  type StreamLane,
  type WholeAnswer,
} from './speech.ts';
import { StreamTail } from './stream-tail.ts';
import { retell } from './translate-speech.ts';
import { usageIn } from './usage-in.ts';

/** Both sides of one wire format, and the provider's departures from it. */
export interface ExpressParts<Dialect> {
  readonly codec: UpstreamCodec<Dialect> & ClientCodec;
  readonly dialect: Dialect;
  /** True when the client wants a stream. */
  readonly streams: boolean;
  /** Tokens of the request by our own estimate, for answers whose provider never says. */
  readonly inputTokensEstimate: number;
  /** Hears the id of the answer, where somebody wants to know it. */
  readonly onId?: (id: string) => void;
}

/** Caller and provider speak the same format: bytes pass as they came, and only the ends of a stream are read. */
export function expressSpeech<Dialect>(parts: ExpressParts<Dialect>): Speech {
  const { codec, dialect, streams } = parts;
  return {
    express: true,
    streams,
    framing: 'sse',
    keepAlive: codec.keepAlive,
    stream: () => new ExpressLane(parts),
    whole(body): WholeAnswer {
      const id = parts.onId && FIRST_ID.exec(body.toString('utf8', 0, FIRST_BYTES))?.[1];
      if (id !== undefined) parts.onId?.(id);
      if (isEventText(body) === streams)
        return { ok: true, bytes: body, usage: usageIn(body, codec, dialect), losses: [], reshaped: false };
      return retell(readWhole(body, codec, dialect), codec, { ...PASSING_REQUEST, stream: streams });
    },
    failure: (status, body, headers) => readRefusal(codec, status, body, headers),
  };
}

/** Where the answers of all who name them by an id have it. */
const FIRST_ID = /^\s*\{\s*"id"\s*:\s*"([^"\\]+)"/;
const FIRST_BYTES = 512;
const CARRY_COPY_BYTES = 32 * 1024;
/** An event that grows beyond this without an end is an attack or a fault; image events stay well below. */
const EVENT_BYTES_MAX = 8 * 1024 * 1024;
const LAST_WORD = /(?:^|\n)(?:data: ?\[DONE\]|event: ?message_stop\r?\ndata:[^\r\n]*)\s*$/;
const LAST_WORD_BYTES = 160;

class ExpressLane<Dialect> implements StreamLane {
  complete = false;
  readonly #parts: ExpressParts<Dialect>;
  readonly #machine: StreamMachine<Frame, StreamEvent, unknown>;
  readonly #state: unknown;
  readonly #decoder = new SseDecoder();
  readonly #tail = new StreamTail();
  #carry: Buffer[] = [];
  #carryBytes = 0;
  #output = false;
  #offset = 0;
  #readOffset = 0;
  #events = 0;
  #usage: Usage | undefined;
  #failure: Failure | undefined;
  #finished = false;

  constructor(parts: ExpressParts<Dialect>) {
    this.#parts = parts;
    this.#machine = parts.codec.decodeStream(parts.dialect);
    this.#state = this.#machine.initial();
  }

  push(data: Buffer): LaneOutput {
    // Bytes without a line end cannot end an event: they wait unjoined, so that no split costs a copy per byte.
    if (this.#carryBytes > 0 && data.indexOf(LF) < 0 && data.indexOf(CR) < 0) return this.#hold(data);
    const all = this.#carryBytes === 0 ? data : Buffer.concat([...this.#carry, data]);
    const cut = lastBoundary(all);
    this.#carry = [];
    this.#carryBytes = 0;
    if (cut < all.length) {
      const held = this.#hold(all.subarray(cut));
      if (cut === 0 || held.failure !== undefined) return held;
    }
    return this.#pass(cut === all.length ? all : all.subarray(0, cut));
  }

  #hold(rest: Buffer): LaneOutput {
    // A copy: a slice would hold on to the whole chunk for the sake of its last few bytes.
    this.#carry.push(rest.length < CARRY_COPY_BYTES ? Buffer.from(rest) : rest);
    this.#carryBytes += rest.length;
    if (this.#carryBytes <= EVENT_BYTES_MAX) return { bytes: undefined, output: this.#output };
    return { bytes: this.#errorBytes(OVERSIZED), output: this.#output, failure: OVERSIZED };
  }

  #pass(slice: Buffer): LaneOutput {
    if (!this.#output) this.#read(slice);
    this.#offset += slice.length;
    this.#events += countEvents(slice);
    this.#tail.push(slice, this.#offset);
    this.complete = LAST_WORD.test(slice.toString('latin1', Math.max(0, slice.length - LAST_WORD_BYTES)));
    if (this.#failure !== undefined) return { bytes: slice, output: this.#output, failure: this.#failure };
    return { bytes: slice, output: this.#output };
  }

  /** Reads events until the first that is output; the rest pass unread. */
  #read(slice: Buffer): void {
    let from = 0;
    while (from < slice.length && !this.#output && this.#failure === undefined) {
      const end = nextBoundary(slice, from);
      this.#feed(this.#decoder.push(slice.subarray(from, end)));
      from = end;
    }
    this.#readOffset = this.#offset + from;
  }

  #feed(frames: readonly Frame[]): void {
    for (const frame of frames) for (const event of this.#machine.step(this.#state, frame)) this.#note(event);
  }

  #note(event: StreamEvent): void {
    if (isOutput(event)) this.#output = true;
    if (event.type === 'response-start') this.#parts.onId?.(event.id);
    if (event.type === 'failure') this.#failure ??= event.failure;
    if (event.type === 'finish') this.#finished = true;
    if (event.type === 'response-start' || event.type === 'finish') this.#usage = event.usage ?? this.#usage;
  }

  end(cut?: Failure): LaneEnd {
    const rest = cut === undefined && this.#carryBytes > 0 ? Buffer.concat(this.#carry) : undefined;
    this.#feed(this.#decoder.push(this.#tail.after(this.#readOffset)));
    const isHalf = rest !== undefined && this.#failure === undefined && !this.#readsRest(rest);
    if (isHalf) return { bytes: this.#errorBytes(CUT_OFF), usage: this.#usageOrEstimate(), failure: CUT_OFF };
    if (this.#failure !== undefined) return { bytes: rest, usage: this.#usageOrEstimate(), failure: this.#failure };
    if (!this.#finished && !(cut !== undefined && !this.complete)) {
      for (const event of this.#machine.end(this.#state)) this.#note(event);
    }
    const failure = this.#failure ?? (this.#finished || this.complete ? undefined : cut);
    const usage = this.#usageOrEstimate();
    if (failure === undefined) return { bytes: rest, usage };
    return { bytes: this.#errorBytes(failure), usage, failure };
  }

  /** False where the answer ended within an event, which is told in place of its half: no client could read that. */
  #readsRest(rest: Buffer): boolean {
    this.#feed([...this.#decoder.push(rest), ...this.#decoder.end()]);
    return this.#failure?.kind !== 'protocol';
  }

  #errorBytes(failure: Failure): string {
    const machine = this.#parts.codec.encodeStream(PASSING_REQUEST);
    const frames = machine.step(machine.initial(), { type: 'failure', failure });
    return frames.map(encodeFrame).join('');
  }

  #usageOrEstimate(): Usage {
    return this.#usage !== undefined && (this.#finished || this.complete) ? this.#usage : this.usageSoFar();
  }

  usageSoFar(): Usage {
    const known = this.#usage ?? { ...NO_USAGE, inputTokens: this.#parts.inputTokensEstimate };
    return { ...known, outputTokens: Math.max(known.outputTokens, this.#events), estimated: true };
  }
}

/** An error event needs no request to be written; codecs only read these two members. */
const PASSING_REQUEST = { model: '', messages: [], stream: true, streamUsage: true } as const;

const NEWLINES = '\n\n';
const LF = 0x0a;
const CR = 0x0d;

/** Longest stretch that is counted through; a longer one is taken to go on as it begins. */
const COUNTED_BYTES = 1024;

/** Events in complete bytes, for estimates only: CRLF streams and uneven ones cost some accuracy. */
function countEvents(slice: Buffer): number {
  let count = 0;
  let end = 0;
  for (let at = slice.indexOf(NEWLINES); at >= 0 && at < COUNTED_BYTES; at = slice.indexOf(NEWLINES, end)) {
    count += 1;
    end = at + NEWLINES.length;
  }
  return count === 0 ? 1 : Math.round((count * slice.length) / (slice.length <= COUNTED_BYTES ? slice.length : end));
}

function nextBoundary(slice: Buffer, from: number): number {
  const at = slice.indexOf(NEWLINES, from);
  return at < 0 ? slice.length : at + 2;
}
