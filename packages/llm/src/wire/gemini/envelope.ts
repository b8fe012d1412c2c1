import { ok } from '../../model/failure.ts';
import type { Json } from '../../model/json.ts';
import type { StreamEvent } from '../../model/event.ts';
import type { Frame, StreamMachine, UpstreamCodec } from '../codec.ts';
import { objectOf, parseJson } from '../read.ts';
import type { GeminiDialect } from './dialect.ts';

type Codec<State> = Pick<UpstreamCodec<GeminiDialect, State>, 'encodeRequest' | 'decodeResponse' | 'decodeStream'>;

/**
 * A codec that puts its requests into the envelope of Google's code assistants, and takes answers out of theirs, where
 * the dialect names a project.
 */
export const enveloped = <State>(codec: Codec<State>): Codec<State> => ({
  encodeRequest(request, dialect) {
    const encoded = codec.encodeRequest(request, dialect);
    const { project } = dialect;
    if (!encoded.ok || project === undefined) return encoded;
    return ok({ ...encoded.value, body: { project, model: request.model, request: encoded.value.body } });
  },
  decodeResponse: (body, dialect) =>
    codec.decodeResponse(dialect.project === undefined ? body : contentOf(body), dialect),
  decodeStream(dialect) {
    const machine = codec.decodeStream(dialect);
    return dialect.project === undefined ? machine : opening(machine);
  },
});

const opening = <State>(
  machine: StreamMachine<Frame, StreamEvent, State>,
): StreamMachine<Frame, StreamEvent, State> => ({
  initial: () => machine.initial(),
  step: (state, frame) => machine.step(state, opened(frame)),
  end: (state) => machine.end(state),
  isLast: (frame) => machine.isLast?.(frame) === true,
});

/** What is no envelope, such as an error, stays as it is. */
const contentOf = (body: Json): Json => objectOf(objectOf(body)?.['response']) ?? body;

function opened(frame: Frame): Frame {
  const body = parseJson(frame.data);
  const content = body === undefined ? undefined : contentOf(body);
  return content === undefined || content === body ? frame : { ...frame, data: JSON.stringify(content) };
}
