import { createFrameDecoder } from '@patchbay/llm/transport/frame-decoder';
import { encodeFrame } from '@patchbay/llm/transport/sse-encode';
import { amazonCarried, unwrapFrame } from '@patchbay/llm/wire/anthropic-messages/amazon-frames';
import { anthropicMessages } from '@patchbay/llm/wire/anthropic-messages/index';
import type { Failure } from '@patchbay/llm/model/failure';
import type { Usage } from '@patchbay/llm/model/usage';

import { readRefusal } from './refusal-body.ts';
import { DAMAGED, OVERSIZED, type LaneEnd, type LaneOutput, type Speech, type StreamLane } from './speech.ts';

/**
 * Anthropic's own words in Amazon's frames, for a caller who expects server-sent events: each event is taken out of its
 * frame and stays as it is, and refusals are told as Anthropic would. `speech` is what would do without the frames.
 */
export const amazonSpeech = (speech: Speech): Speech => ({
  ...speech,
  express: false,
  framing: 'aws-event-stream',
  stream: () => new AmazonLane(speech.stream()),
  failure: (status, body, headers) => readRefusal(amazonCarried, status, body, headers),
});

class AmazonLane implements StreamLane {
  readonly #lane: StreamLane;
  readonly #frames = createFrameDecoder('aws-event-stream');
  #output = false;

  constructor(lane: StreamLane) {
    this.#lane = lane;
  }

  get complete(): boolean {
    return this.#lane.complete;
  }

  push(data: Buffer): LaneOutput {
    let text = '';
    for (const frame of this.#frames.push(data)) text += encodeFrame(unwrapFrame(frame));
    const made = text === '' ? undefined : this.#lane.push(Buffer.from(text));
    this.#output = made?.output ?? this.#output;
    const fault = this.#frames.overflowed ? OVERSIZED : this.#frames.damaged === true ? DAMAGED : undefined;
    if (made?.failure !== undefined || fault === undefined) return made ?? { bytes: undefined, output: this.#output };
    const bytes = Buffer.concat([Buffer.from(made?.bytes ?? ''), Buffer.from(errorEvent(fault))]);
    return { bytes, output: this.#output, failure: fault };
  }

  end(cut?: Failure): LaneEnd {
    return this.#lane.end(cut);
  }

  usageSoFar(): Usage {
    return this.#lane.usageSoFar();
  }
}

const errorEvent = (failure: Failure): string =>
  encodeFrame({ event: 'error', data: JSON.stringify(anthropicMessages.encodeFailure(failure).body) });
