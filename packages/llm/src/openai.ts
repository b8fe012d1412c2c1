import { carried, type CarriedOptions, type CarriedProvider } from './client/create-core-client.ts';
import { openai as record } from './providers/openai.ts';
import { openAiChatUpstream } from './wire/openai-chat/upstream.ts';
import { openAiResponsesUpstream } from './wire/openai-responses/upstream.ts';

/** OpenAI for `createCoreClient`, in both its formats. */
export const openai = (options?: CarriedOptions): CarriedProvider =>
  carried(record, [openAiChatUpstream, openAiResponsesUpstream], options);
