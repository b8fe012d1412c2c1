import type { Clock } from '../../model/clock.ts';
import type { StreamEvent } from '../../model/event.ts';
import type { GenerationRequest } from '../../model/request.ts';
import type { GenerationResponse } from '../../model/response.ts';
import type { UpstreamResponse } from '../../transport/exchange.ts';
import { encodeFrame } from '../../transport/sse-encode.ts';
import type { ClientCodec, Frame } from '../../wire/codec.ts';
import { playScene, silence, type AnswerScene } from './play-scene.ts';

/** Everything an answer is made of. */
export interface Answer {
  readonly scene: AnswerScene;
  readonly response: GenerationResponse;
  readonly codec: ClientCodec;
  readonly request: GenerationRequest;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Writes an answer in the caller's format, as a stream of events or as one JSON body. */
export async function encodeAnswer(answer: Answer): Promise<UpstreamResponse | undefined> {
  if (answer.request.stream) {
    const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' };
    return { status: 200, headers, body: streamBytes(answer) };
  }
  const { scene, clock, signal } = answer;
  if (scene.paceMs > 0) await clock.sleep(scene.paceMs * wordCount(scene), signal);
  if (signal.aborted) return undefined;
  return { status: 200, headers: { 'content-type': 'application/json' }, body: wholeBytes(answer) };
}

const wordCount = (scene: AnswerScene): number =>
  scene.parts.reduce((sum, part) => sum + ('text' in part ? part.text.split(/\s+/u).length : 1), 0);

/** One chunk of bytes per event. A cut falls into the middle of a frame: the hardest place for a reader. */
async function* streamBytes(answer: Answer): AsyncGenerator<Uint8Array> {
  const { scene, codec, request } = answer;
  const machine = codec.encodeStream(request);
  const state = machine.initial();
  let terminal = false;
  for await (const event of playScene(scene, answer.response, answer)) {
    terminal = isTerminal(event);
    yield* bytesOf(machine.step(state, event));
  }
  if (terminal) yield* bytesOf(machine.end(state));
  else if (scene.ending === 'cut') yield HALF_A_FRAME;
}

const HALF_A_FRAME = new TextEncoder().encode('data: {"half');

const isTerminal = (event: StreamEvent): boolean => event.type === 'finish' || event.type === 'failure';

/** A whole body knows no words: it breaks after its first half. */
async function* wholeBytes({ scene, codec, response, clock, signal }: Answer): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(JSON.stringify(codec.encodeResponse(response).body));
  if (scene.ending === 'finish') return yield bytes;
  yield firstHalf(bytes);
  if (scene.ending === 'stall') await silence(clock, signal);
}

const firstHalf = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, Math.floor(bytes.length / 2));

function bytesOf(frames: readonly Frame[]): readonly Uint8Array[] {
  if (frames.length === 0) return [];
  return [new TextEncoder().encode(frames.map(encodeFrame).join(''))];
}
