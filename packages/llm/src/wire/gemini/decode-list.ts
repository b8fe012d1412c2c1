import { collect } from '../../model/fold.ts';
import type { Result } from '../../model/failure.ts';
import type { Json } from '../../model/json.ts';
import type { GenerationResponse } from '../../model/response.ts';
import { decodeStream } from './decode-stream.ts';

/** Reads a stream that came as one list of its chunks, which is how Google streams to whoever does not ask for events. */
export function decodeList(chunks: readonly Json[]): Result<GenerationResponse> {
  const machine = decodeStream();
  const state = machine.initial();
  const events = chunks.flatMap((chunk) => machine.step(state, { event: '', data: JSON.stringify(chunk) }));
  return collect([...events, ...machine.end(state)]);
}
