import type { JsonObject } from '@patchbay/llm/model/json';
import type { GenerationRequest } from '@patchbay/llm/model/request';
import type { ClientCodec, Frame } from '@patchbay/llm/wire/codec';
import { objectOf, parseJson } from '@patchbay/llm/wire/read';

/** What becomes of an answer that is kept. */
export interface Keeping {
  /** The id that the gateway gives the answer; providers' own may come twice. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly createdAtMs: number;
  /** Members of the request that the answer repeats although they went no further. */
  readonly said: JsonObject;
  /** Takes the answer once it is complete. */
  readonly keep: (response: JsonObject) => void;
}

const OWN = 'openai-responses';
/** Events that hold an answer from which a conversation can go on. */
const COMPLETE = new Set(['response.completed', 'response.incomplete']);

/** The codec of the Responses API, whose answers get an id of the gateway's own and are kept when they are complete. */
export function keepingCodec(codec: ClientCodec, keeping: Keeping): ClientCodec {
  const { id, createdAtMs, said, keep } = keeping;
  const repeating = (request: GenerationRequest): GenerationRequest => ({
    ...request,
    extras: { ...request.extras, [OWN]: { ...request.extras?.[OWN], ...said } },
  });
  const named = <Front extends { readonly createdAtMs: number }>(front: Front): Front => ({
    ...front,
    id,
    createdAtMs: front.createdAtMs || createdAtMs,
  });
  return {
    ...codec,
    encodeResponse(response, request) {
      const encoded = codec.encodeResponse(named(response), request && repeating(request));
      keep(encoded.body);
      return encoded;
    },
    encodeStream(request) {
      const machine = codec.encodeStream(repeating(request));
      const told = (frames: readonly Frame[]): readonly Frame[] => {
        for (const frame of frames) if (COMPLETE.has(frame.event)) keep(responseIn(frame));
        return frames;
      };
      return {
        ...machine,
        step: (state, event) => told(machine.step(state, event.type === 'response-start' ? named(event) : event)),
        end: (state) => told(machine.end(state)),
      };
    },
  };
}

/** The answer that an event of the stream holds. */
export const responseIn = ({ data }: Frame): JsonObject => objectOf(objectOf(parseJson(data))?.['response']) ?? {};
