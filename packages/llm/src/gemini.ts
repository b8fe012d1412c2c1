import { carried, type CarriedOptions, type CarriedProvider } from './client/create-core-client.ts';
import { gemini as record } from './providers/gemini.ts';
import { geminiUpstream } from './wire/gemini/upstream.ts';

/** Google's Gemini API for `createCoreClient`. */
export const gemini = (options?: CarriedOptions): CarriedProvider => carried(record, [geminiUpstream], options);
