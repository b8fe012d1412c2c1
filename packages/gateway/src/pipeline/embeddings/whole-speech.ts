import { NO_USAGE } from '@patchbay/llm/model/usage';

import type { Speech, StreamLane } from '../../relay/speech.ts';

/** An answer that never comes as a stream. */
export interface WholeSpeechParts extends Pick<Speech, 'express' | 'whole' | 'failure'> {
  /** Tokens of the request by our own estimate, for calls whose client leaves. */
  readonly inputTokensEstimate: number;
}

/** How such an attempt's bytes become the caller's bytes. */
export const wholeSpeech = ({ inputTokensEstimate, ...speech }: WholeSpeechParts): Speech => ({
  ...speech,
  streams: false,
  framing: 'sse',
  keepAlive: undefined,
  stream: () => silentLane(inputTokensEstimate),
});

/** Nothing passes here; it knows what the question has cost. */
const silentLane = (inputTokens: number): StreamLane => ({
  complete: false,
  push: () => ({ bytes: undefined, output: false }),
  end: () => ({ bytes: undefined, usage: undefined }),
  usageSoFar: () => ({ ...NO_USAGE, inputTokens, estimated: true }),
});
