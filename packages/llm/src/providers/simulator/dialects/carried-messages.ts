import { failed, invalidRequest } from '../../../model/failure.ts';
import type { StreamEvent } from '../../../model/event.ts';
import { anthropicMessages } from '../../../wire/anthropic-messages/index.ts';
import type { Addressed, ClientCodec, Frame, StreamMachine } from '../../../wire/codec.ts';
import { objectOf } from '../../../wire/read.ts';
import { amazonException, encodeAmazonFailure } from './amazon-failure.ts';

/** Google and Amazon have the model in the address, and the version of Anthropic's API in the body. */
const readCarried =
  (version: string, addressedMembers: readonly string[]): ClientCodec['decodeRequest'] =>
  (body, addressed) => {
    const { anthropic_version: named, ...rest } = objectOf(body) ?? {};
    if (named !== version)
      return failed(invalidRequest('anthropic_version', `\`anthropic_version\` must be \`${version}\`.`));
    const refused = addressedMembers.find((name) => rest[name] !== undefined);
    if (refused !== undefined) return failed(invalidRequest(refused, `\`${refused}\` is no member of this body.`));
    return anthropicMessages.decodeRequest({ ...rest, ...place(addressed) });
  };

const place = ({ model, stream }: Addressed = { model: '', stream: false }) => ({ model, stream });

/** Anthropic's models at Vertex AI: its messages, under Google's address. */
export const vertexMessages: ClientCodec<unknown> = {
  ...anthropicMessages,
  decodeRequest: readCarried('vertex-2023-10-16', ['model']),
};

/** Anthropic's models at Bedrock: its events, each in a message of Amazon's, and Amazon's refusals. */
export const amazonMessages: ClientCodec<unknown> = {
  ...anthropicMessages,
  decodeRequest: readCarried('bedrock-2023-05-31', ['model', 'stream']),
  encodeStream: (request) => wrapping(anthropicMessages.encodeStream(request)),
  encodeFailure: encodeAmazonFailure,
};

function wrapping<State>(machine: StreamMachine<StreamEvent, Frame, State>): typeof machine {
  return {
    initial: () => machine.initial(),
    step: (state, event) =>
      event.type === 'failure' ? [amazonException(event.failure)] : machine.step(state, event).map(chunkOf),
    end: (state) => machine.end(state).map(chunkOf),
  };
}

const chunkOf = ({ data }: Frame): Frame => ({ event: 'chunk', data: JSON.stringify({ bytes: base64Of(data) }) });

const base64Of = (text: string): string =>
  btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));
