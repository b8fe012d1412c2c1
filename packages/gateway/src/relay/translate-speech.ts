import { isOutput, type StreamEvent } from '@patchbay/llm/model/event';
import { hearEnd, hearEvent, newHearing, type GrammarComplaint } from '@patchbay/llm/model/event-grammar';
import { ok, type Failure, type Result } from '@patchbay/llm/model/failure';
import { replay } from '@patchbay/llm/model/fold';
import { nameAnswer, type AnswerNames } from '@patchbay/llm/model/name-answer';
import type { GenerationRequest } from '@patchbay/llm/model/request';
import type { GenerationResponse } from '@patchbay/llm/model/response';
import { NO_USAGE, type Usage } from '@patchbay/llm/model/usage';
import { createFrameDecoder, type FrameDecoder } from '@patchbay/llm/transport/frame-decoder';
import { encodeFrame } from '@patchbay/llm/transport/sse-encode';
import type { ClientCodec, Frame, StreamMachine, UpstreamCodec } from '@patchbay/llm/wire/codec';

import type { GrammarViolation } from '../telemetry/call-record.ts';
import { AnswerOutline } from './answer-outline.ts';
import { readRefusal } from './refusal-body.ts';
import { readWhole } from './read-whole.ts';
import {
  CUT_OFF,
  DAMAGED,
  OVERSIZED,
  type LaneEnd,
  type LaneOutput,
  type Speech,
  type StreamLane,
  type WholeAnswer,
} from './speech.ts';

/** The two formats of one translated attempt. */
export interface TranslateParts<Dialect> {
  readonly client: ClientCodec;
  readonly upstream: UpstreamCodec<Dialect>;
  readonly dialect: Dialect;
  readonly request: GenerationRequest;
  /** Stand in answers whose format gives them none. */
  readonly names: AnswerNames;
  readonly inputTokensEstimate: number;
  /** Makes a listener that hears the answer as the upstream gave it. */
  readonly observe: () => AnswerObserver;
  /** Hears a streamed answer in outline, once it is over: what it lost can then be told, too late for a header. */
  readonly onOutline?: (outline: GenerationResponse) => void;
}

/** Hears an answer pass, event by event; changes nothing about it. */
export interface AnswerObserver {
  step(event: StreamEvent): void;
  /** The answer is over. Never rejects. */
  end(): Promise<void>;
}

/** Caller and provider speak different formats: every event goes through the canonical model. */
export function translateSpeech<Dialect>(parts: TranslateParts<Dialect>): Speech {
  const { client, upstream, dialect, request } = parts;
  return {
    express: false,
    streams: request.stream,
    framing: upstream.framing ?? 'sse',
    keepAlive: client.keepAlive,
    stream: () => new TranslateLane(parts),
    whole(body) {
      const answer = readWhole(body, upstream, dialect);
      if (answer.ok) hear(answer.value, parts.observe());
      return retell(answer.ok ? ok(nameAnswer(answer.value, parts.names)) : answer, client, request);
    },
    failure: (status, body, headers) => readRefusal(upstream, status, body, headers),
  };
}

function hear(answer: GenerationResponse, observer: AnswerObserver): void {
  for (const event of replay(answer)) observer.step(event);
  void observer.end();
}

/** A whole answer in the caller's format, as the stream of itself where a stream was asked for. */
export function retell(
  answer: Result<GenerationResponse>,
  client: ClientCodec,
  request: GenerationRequest,
): WholeAnswer {
  if (!answer.ok) return { ok: false, failure: answer.failure };
  const encoded = client.encodeResponse(answer.value, request);
  const told = { ok: true, usage: answer.value.usage, losses: encoded.losses, reshaped: true } as const;
  if (!request.stream) return { ...told, bytes: JSON.stringify(encoded.body) };
  const machine = client.encodeStream(request);
  const state = machine.initial();
  const frames = replay(answer.value).flatMap((event) => machine.step(state, event));
  return { ...told, bytes: [...frames, ...machine.end(state)].map(encodeFrame).join('') };
}

class TranslateLane<Dialect> implements StreamLane {
  complete = false;
  readonly violations: GrammarViolation[] = [];
  readonly #hearing = newHearing();
  readonly #outline = new AnswerOutline();
  readonly #parts: TranslateParts<Dialect>;
  readonly #frames: FrameDecoder;
  readonly #decode: StreamMachine<Frame, StreamEvent, unknown>;
  readonly #encode: StreamMachine<StreamEvent, Frame, unknown>;
  readonly #observer: AnswerObserver;
  readonly #decodeState: unknown;
  readonly #encodeState: unknown;
  #output = false;
  #outputs = 0;
  #usage: Usage | undefined;
  #failure: Failure | undefined;
  #finished = false;

  constructor(parts: TranslateParts<Dialect>) {
    this.#parts = parts;
    this.#observer = parts.observe();
    this.#frames = createFrameDecoder(parts.upstream.framing ?? 'sse');
    this.#decode = parts.upstream.decodeStream(parts.dialect);
    this.#encode = parts.client.encodeStream(parts.request);
    this.#decodeState = this.#decode.initial();
    this.#encodeState = this.#encode.initial();
  }

  push(data: Buffer): LaneOutput {
    let text = '';
    for (const frame of this.#frames.push(data)) text += this.#frame(frame);
    if (this.#frames.overflowed) text += this.#event({ type: 'failure', failure: OVERSIZED });
    if (this.#frames.damaged === true) text += this.#event({ type: 'failure', failure: DAMAGED });
    const bytes = text === '' ? undefined : text;
    return this.#failure === undefined
      ? { bytes, output: this.#output }
      : { bytes, output: this.#output, failure: this.#failure };
  }

  /** `isCut`: nothing ended the frame but the end of the stream. */
  #frame(frame: Frame, isCut = false): string {
    if (this.complete || this.#failure !== undefined) return '';
    let text = '';
    for (const read of this.#decode.step(this.#decodeState, frame)) {
      const event = isCut ? orCutOff(read) : read;
      this.#complain(hearEvent(this.#hearing, event));
      text += this.#event(event.type === 'response-start' ? nameAnswer(event, this.#parts.names) : event);
    }
    if (this.#decode.isLast?.(frame) === true) this.complete = true;
    return text;
  }

  /** The decoder is at fault here, not the provider: whoever runs us should hear of it. Once a rule is enough. */
  #complain(complaint: GrammarComplaint | undefined): void {
    if (complaint === undefined || this.violations.some(({ rule }) => rule === complaint.rule)) return;
    this.violations.push({ format: this.#parts.upstream.id, rule: complaint.rule });
  }

  #event(event: StreamEvent): string {
    if (this.#finished || this.#failure !== undefined) return '';
    this.#observer.step(event);
    this.#outline.step(event);
    if (isOutput(event)) this.#output = true;
    if (event.type === 'part-delta') this.#outputs += 1;
    if (event.type === 'failure') this.#failure = event.failure;
    if (event.type === 'finish') this.#finished = true;
    if (event.type === 'response-start' || event.type === 'finish') this.#usage = event.usage ?? this.#usage;
    let text = '';
    for (const frame of this.#encode.step(this.#encodeState, event)) text += encodeFrame(frame);
    return text;
  }

  #lastWords(): string {
    let text = '';
    for (const event of this.#decode.end(this.#decodeState)) {
      this.#complain(hearEvent(this.#hearing, event));
      text += this.#event(event);
    }
    this.#complain(hearEnd(this.#hearing));
    return text;
  }

  end(cut?: Failure): LaneEnd {
    let text = '';
    for (const frame of this.#frames.end()) text += this.#frame(frame, true);
    if (cut !== undefined && !this.complete && !this.#finished) text += this.#event({ type: 'failure', failure: cut });
    else text += this.#lastWords();
    for (const frame of this.#encode.end(this.#encodeState)) text += encodeFrame(frame);
    void this.#observer.end();
    this.#tellOutline();
    const usage = this.#finished && this.#usage !== undefined ? this.#usage : this.usageSoFar();
    const bytes = text === '' ? undefined : text;
    return this.#failure === undefined ? { bytes, usage } : { bytes, usage, failure: this.#failure };
  }

  #tellOutline(): void {
    const { onOutline } = this.#parts;
    const outline = onOutline === undefined ? undefined : this.#outline.response();
    if (outline !== undefined) onOutline?.(outline);
  }

  usageSoFar(): Usage {
    const known = this.#usage ?? { ...NO_USAGE, inputTokens: this.#parts.inputTokensEstimate };
    return { ...known, outputTokens: Math.max(known.outputTokens, this.#outputs), estimated: true };
  }
}

/** Half an event cannot be read, and that is not the provider's fault. */
const orCutOff = (event: StreamEvent): StreamEvent =>
  event.type === 'failure' && event.failure.kind === 'protocol' ? { type: 'failure', failure: CUT_OFF } : event;
