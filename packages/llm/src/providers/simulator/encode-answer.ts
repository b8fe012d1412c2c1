import type { Clock } from '../../model/clock.ts';
import type { StreamEvent } from '../../model/event.ts';
import type { JsonObject } from '../../model/json.ts';
import type { GenerationRequest } from '../../model/request.ts';
import type { GenerationResponse } from '../../model/response.ts';
import type { UpstreamResponse } from '../../transport/exchange.ts';
import type { ClientCodec, Frame, Framing } from '../../wire/codec.ts';
import { FRAME_WRITERS, type FrameWriter } from './framings.ts';
import { playScene, silence, type AnswerScene } from './play-scene.ts';

/** How an answer is played. */
export interface Played {
  readonly scene: AnswerScene;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Everything an answer is made of. */
export interface Answer extends Played {
  readonly response: GenerationResponse;
  readonly codec: ClientCodec;
  readonly framing: Framing;
  readonly request: GenerationRequest;
}

/** Writes an answer in the caller's format, as a stream of events or as one JSON body. */
export async function encodeAnswer(answer: Answer): Promise<UpstreamResponse | undefined> {
  if (!answer.request.stream) return wholeAnswer(answer.codec.encodeResponse(answer.response).body, answer);
  const writer = FRAME_WRITERS[answer.framing];
  const headers = { 'content-type': writer.type, 'cache-control': 'no-cache' };
  return { status: 200, headers, body: streamBytes(answer, writer) };
}

/** Gives an answer that is one JSON body; `undefined` when its reader left before it came. */
export async function wholeAnswer(body: JsonObject, played: Played): Promise<UpstreamResponse | undefined> {
  const { scene, clock, signal } = played;
  if (scene.paceMs > 0) await clock.sleep(scene.paceMs * wordCount(scene), signal);
  if (signal.aborted) return undefined;
  return { status: 200, headers: { 'content-type': 'application/json' }, body: wholeBytes(body, played) };
}

const wordCount = (scene: AnswerScene): number =>
  scene.parts.reduce((sum, part) => sum + ('text' in part ? part.text.split(/\s+/u).length : 1), 0);

/** One chunk of bytes per event. A cut falls into the middle of a frame: the hardest place for a reader. */
async function* streamBytes(answer: Answer, writer: FrameWriter): AsyncGenerator<Uint8Array> {
  const { scene, codec, request } = answer;
  const machine = codec.encodeStream(request);
  const state = machine.initial();
  let terminal = false;
  for await (const event of playScene(scene, answer.response, answer)) {
    terminal = isTerminal(event);
    yield* bytesOf(machine.step(state, event), writer);
  }
  if (terminal) yield* bytesOf(machine.end(state), writer);
  else if (scene.ending === 'cut') yield writer.half;
}

const isTerminal = (event: StreamEvent): boolean => event.type === 'finish' || event.type === 'failure';

const bytesOf = (frames: readonly Frame[], writer: FrameWriter): readonly Uint8Array[] =>
  frames.length === 0 ? [] : [writer.encode(frames)];

/** A whole body knows no words: it breaks after its first half. */
async function* wholeBytes(body: JsonObject, { scene, clock, signal }: Played): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  if (scene.ending === 'finish') return yield bytes;
  yield firstHalf(bytes);
  if (scene.ending === 'stall') await silence(clock, signal);
}

const firstHalf = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, Math.floor(bytes.length / 2));
