import { carried, type CarriedOptions, type CarriedProvider } from './client/create-core-client.ts';
import { anthropic as record } from './providers/anthropic.ts';
import { anthropicMessagesUpstream } from './wire/anthropic-messages/upstream.ts';

/** Anthropic for `createCoreClient`. */
export const anthropic = (options?: CarriedOptions): CarriedProvider =>
  carried(record, [anthropicMessagesUpstream], options);
