import type { Failure } from '@patchbay/llm/model/failure';
import type { Usage } from '@patchbay/llm/model/usage';
import type { Framing, Loss } from '@patchbay/llm/wire/codec';

import type { GrammarViolation } from '../telemetry/call-record.ts';
import type { UpstreamHeaders } from './upstream.ts';

/** What a stream lane makes of some upstream bytes. */
export interface LaneOutput {
  /** For the client, in order; absent when nothing is complete yet. */
  readonly bytes: Buffer | string | undefined;
  /** True when an output event has been seen: from here on the answer belongs to this target. */
  readonly output: boolean;
  /** The upstream said that it failed. `bytes` then already ends with the client's own error event. */
  readonly failure?: Failure;
}

/** The last word of a lane. */
export interface LaneEnd {
  readonly bytes: Buffer | string | undefined;
  readonly usage: Usage | undefined;
  /** Present when the stream did not end well; `bytes` then ends with the client's own error event. */
  readonly failure?: Failure;
}

/** Upstream stream bytes in, client stream bytes out. Synchronous; one per attempt. */
export interface StreamLane {
  push(data: Buffer): LaneOutput;
  /** Input is over, because the upstream ended or, when `cut` is given, because something cut it. */
  end(cut?: Failure): LaneEnd;
  /** True after the wire's own last word: what follows is not waited for. */
  readonly complete: boolean;
  /** Rules of the stream's grammar that our reading of it broke, each once; absent where bytes pass unread. */
  readonly violations?: readonly GrammarViolation[];
  /** What is known of the usage, estimated from what passed where the provider has not said. */
  usageSoFar(): Usage;
}

/** A whole answer made ready for the client, as JSON or, where the client asked for a stream, as one. */
export type WholeAnswer =
  | {
      readonly ok: true;
      readonly bytes: Buffer | string;
      /** True when the answer had to change its shape: the upstream's own content type is then wrong. */
      readonly reshaped: boolean;
      readonly usage: Usage | undefined;
      readonly losses: readonly Loss[];
    }
  | { readonly ok: false; readonly failure: Failure };

/** How one attempt's bytes become the caller's bytes. */
export interface Speech {
  /** True when bytes pass untouched. */
  readonly express: boolean;
  /** True when the client wants a stream. */
  readonly streams: boolean;
  /** How the upstream's frames stand in its bytes. */
  readonly framing: Framing;
  /** What the client of a silent stream may be sent; absent when nothing. */
  readonly keepAlive: string | undefined;
  stream(): StreamLane;
  /** Makes an answer ready that came in one piece, as JSON or, from servers that always stream, as events. */
  whole(body: Buffer): WholeAnswer;
  /** Reads an upstream's refusal. */
  failure(status: number, body: Buffer, headers: UpstreamHeaders): Failure;
}

/** What an answer fails with that ends within an event. */
export const CUT_OFF: Failure = {
  kind: 'network',
  message: 'The provider’s stream ended before the answer was complete.',
};

/** What both lanes say of an event that outgrows memory before it ends. */
export const OVERSIZED: Failure = {
  kind: 'protocol',
  message: 'The provider sent an event of more than 8 MiB without an end.',
};

/** What is said of a stream whose bytes contradict their own checksums. */
export const DAMAGED: Failure = { kind: 'protocol', message: 'The provider’s stream was damaged on its way.' };
