import type { WireFormatId } from '../model/extras.ts';
import type { StreamEvent } from '../model/event.ts';
import type { Failure, Result } from '../model/failure.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { GenerationRequest } from '../model/request.ts';
import type { GenerationResponse } from '../model/response.ts';
import type { Usage } from '../model/usage.ts';

/** One server-sent event: the `event:` name, empty when the wire did not name it, and the joined `data:` text. */
export interface Frame {
  readonly event: string;
  readonly data: string;
}

/** What an encoding could not carry, e.g. a reasoning signature into openai-chat. Recorded on the call. */
export interface Loss {
  /** Where in the canonical request or response, e.g. `messages[3].content[0].signature`. */
  readonly path: string;
  /** The thing lost, in a few plain words. */
  readonly what: string;
  readonly instead: 'dropped' | 'approximated' | 'moved';
}

/** An encoded body and everything it could not carry. */
export interface Encoded {
  readonly body: JsonObject;
  readonly losses: readonly Loss[];
}

/** Response headers by lower-case name. */
export type WireHeaders = Readonly<Record<string, string | undefined>>;

/** A stream translation. `step` may change `state` and nothing else: no I/O, no clock, no await. */
export interface StreamMachine<In, Out, State> {
  initial(): State;
  // Methods, so that a machine of any state type fits where only its words matter.
  step(state: State, input: In): readonly Out[];
  /** Called once when input is over: the finish event, or a failure when the wire's own ending never came. */
  end(state: State): readonly Out[];
  /** True for the wire's last word, so we stop reading even if the peer keeps the connection open. */
  isLast?(input: In): boolean;
}

/** How the frames of a streamed answer stand in its bytes; a `Frame`'s `data` is one event, line or message of it. */
export type Framing = 'sse' | 'ndjson' | 'aws-event-stream';

/** What some formats say in the address of a request and not in its body. */
export interface Addressed {
  readonly model: string;
  readonly stream: boolean;
}

/** We are the client: speak this format to an upstream. */
export interface UpstreamCodec<Dialect, D = unknown> {
  readonly id: WireFormatId;
  /** Default `sse`. */
  readonly framing?: Framing;
  encodeRequest(request: GenerationRequest, dialect: Dialect): Result<Encoded>;
  decodeResponse(body: Json, dialect: Dialect): Result<GenerationResponse>;
  /** Name of the outermost member of a whole answer that states its usage. Default `usage`. */
  readonly usageMember?: string;
  /** Reads the value of a whole answer's usage member; absent when it says nothing. */
  decodeUsage(usage: Json, dialect: Dialect): Usage | undefined;
  decodeStream(dialect: Dialect): StreamMachine<Frame, StreamEvent, D>;
  decodeFailure(status: number, body: Json, headers: WireHeaders): Failure;
}

/** We are the server: a caller speaks this format to us. */
export interface ClientCodec<E = unknown> {
  readonly id: WireFormatId;
  /** Bytes that a silent stream may carry without any client minding; absent where every byte would be taken amiss. */
  readonly keepAlive?: string;
  /** `addressed` is given, and needed, where the format names model and stream in the address. */
  decodeRequest(body: Json, addressed?: Addressed): Result<GenerationRequest>;
  /** `request` is what was asked: formats whose answers repeat it write their defaults where it is not given. */
  encodeResponse(response: GenerationResponse, request?: GenerationRequest): Encoded;
  encodeStream(request: GenerationRequest): StreamMachine<StreamEvent, Frame, E>;
  encodeFailure(failure: Failure): { readonly status: number; readonly body: JsonObject };
}

/** Runs a machine over an async stream and closes the source when the last word was heard. */
export async function* run<In, Out, State>(
  machine: StreamMachine<In, Out, State>,
  inputs: AsyncIterable<In>,
): AsyncGenerator<Out> {
  const state = machine.initial();
  for await (const input of inputs) {
    yield* machine.step(state, input);
    if (machine.isLast?.(input)) break;
  }
  yield* machine.end(state);
}
