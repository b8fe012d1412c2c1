import { failed, invalidRequest } from '../../../model/failure.ts';
import type { StreamEvent } from '../../../model/event.ts';
import type { ClientCodec, Frame, StreamMachine } from '../../../wire/codec.ts';
import { gemini } from '../../../wire/gemini/index.ts';
import { isObject, objectOf, parseJson, textOf } from '../../../wire/read.ts';

/** What stands around a request; Google refuses members that it does not know. */
const ENVELOPE = new Set(['project', 'model', 'request', 'userAgent', 'requestId', 'requestType', 'user_prompt_id']);

/** Google's code assistants: Gemini's words, in an envelope that names project and model. */
export const antigravityServer: ClientCodec<unknown> = {
  ...gemini,
  decodeRequest(body, addressed) {
    const { project, model, request, ...rest } = objectOf(body) ?? {};
    const unknown = Object.keys(rest).find((name) => !ENVELOPE.has(name));
    if (unknown !== undefined) return failed(invalidRequest(unknown, `Unknown name "${unknown}": Cannot find field.`));
    if (textOf(project) === undefined) return failed(invalidRequest('project', '`project` must be a string.'));
    if (!isObject(request)) return failed(invalidRequest('request', '`request` must be an object.'));
    const named = textOf(model);
    if (named === undefined) return failed(invalidRequest('model', '`model` must be a string.'));
    return gemini.decodeRequest(request, { model: named, stream: addressed?.stream === true });
  },
  encodeResponse(response) {
    const { body, losses } = gemini.encodeResponse(response);
    return { body: { response: body }, losses };
  },
  encodeStream: (request) => enveloping(gemini.encodeStream(request)),
};

function enveloping<State>(machine: StreamMachine<StreamEvent, Frame, State>): typeof machine {
  return {
    initial: () => machine.initial(),
    step: (state, event) => machine.step(state, event).map(enveloped),
    end: (state) => machine.end(state).map(enveloped),
  };
}

/** Errors have no envelope. */
function enveloped(frame: Frame): Frame {
  const body = objectOf(parseJson(frame.data));
  if (body === undefined || body['error'] !== undefined) return frame;
  return { ...frame, data: JSON.stringify({ response: body }) };
}
