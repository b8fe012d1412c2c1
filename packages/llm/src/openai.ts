import { carried, type CarriedOptions, type CarriedProvider } from './client/create-core-client.ts';
import { openai as record } from './providers/openai.ts';
import { openAiChatUpstream } from './wire/openai-chat/upstream.ts';

/** OpenAI for `createCoreClient`, in both its formats; that of the Responses API is loaded when a model wants it. */
export const openai = (options?: CarriedOptions): CarriedProvider =>
  carried(record, [openAiChatUpstream, { id: 'openai-responses', load: loadResponses }], options);

const loadResponses = async () => (await import('./wire/openai-responses/upstream.ts')).openAiResponsesUpstream;
