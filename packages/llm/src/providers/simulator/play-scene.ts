import type { Clock } from '../../model/clock.ts';
import type { PartDelta, StreamEvent } from '../../model/event.ts';
import type { Failure } from '../../model/failure.ts';
import type { FinishReason } from '../../model/finish.ts';
import type { Part } from '../../model/part.ts';
import type { GenerationResponse } from '../../model/response.ts';
import type { Scene } from './scripts.ts';

/** An answer that a script wants to be given. */
export type AnswerScene = Extract<Scene, { kind: 'answer' }>;

/** What the script `error-after-first-token` reports. */
export const MID_ANSWER_FAILURE: Failure = {
  kind: 'overloaded',
  message: 'The simulator was asked to fail in mid-answer.',
  status: 503,
};

/** Why such an answer ends. */
export const finishReasonOf = (parts: readonly Part[]): FinishReason =>
  parts.some((part) => part.type === 'tool-call') ? 'tool-calls' : 'stop';

/**
 * The canonical events of an answer, one word per delta. An ending of `cut` just stops, without a terminal event;
 * `stall` waits until `signal` is aborted.
 */
export async function* playScene(
  scene: AnswerScene,
  response: GenerationResponse,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): AsyncGenerator<StreamEvent> {
  const { id, model, createdAtMs, usage } = response;
  const known = usage && { ...usage, outputTokens: 0, reasoningTokens: 0 };
  yield { type: 'response-start', id, model, createdAtMs, ...(known && { usage: known }) };
  let words = 0;
  for (const [index, part] of scene.parts.entries()) {
    yield { type: 'part-start', index, part: opened(part) };
    for (const delta of deltasOf(part)) {
      if (words === scene.wordsBeforeEnding) return yield* endEarly(scene, clock, signal);
      if (scene.paceMs > 0) await clock.sleep(scene.paceMs, signal);
      if (signal.aborted) return;
      words += 1;
      yield { type: 'part-delta', index, delta };
    }
    yield { type: 'part-end', index };
  }
  yield { type: 'finish', finish: response.finish, ...(usage && { usage }) };
}

async function* endEarly(scene: AnswerScene, clock: Clock, signal: AbortSignal): AsyncGenerator<StreamEvent> {
  if (scene.ending === 'failure') yield { type: 'failure', failure: MID_ANSWER_FAILURE };
  if (scene.ending === 'stall') await silence(clock, signal);
}

const SILENCE_STEP_MS = 3_600_000;

/** Resolves when `signal` is aborted, and only then. */
export async function silence(clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await clock.sleep(SILENCE_STEP_MS, signal);
}

/** The part as it is known when it starts: nothing of its content yet. */
function opened(part: Part): Part {
  if (part.type === 'tool-call') return { ...part, argumentsJson: '' };
  if (part.type === 'reasoning') return { type: 'reasoning', text: '' };
  return part.type === 'text' ? { ...part, text: '' } : part;
}

function deltasOf(part: Part): readonly PartDelta[] {
  if (part.type === 'text') return wordsOf(part.text).map((text) => ({ type: 'text', text }));
  if (part.type === 'tool-call') return piecesOf(part.argumentsJson).map((json) => ({ type: 'arguments', json }));
  if (part.type !== 'reasoning') return [];
  const deltas: PartDelta[] = wordsOf(part.text).map((text) => ({ type: 'text', text }));
  if (part.signature !== undefined) deltas.push({ type: 'signature', signature: part.signature });
  return deltas;
}

const wordsOf = (text: string): readonly string[] => text.match(/\s*\S+(?:\s+$)?|\s+/gu) ?? [];

/** Arguments in pieces that are no valid JSON by themselves, as real vendors send them. */
const piecesOf = (json: string): readonly string[] => json.match(/[\s\S]{1,7}/gu) ?? [];
