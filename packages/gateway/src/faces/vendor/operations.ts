import { readAddress } from '@patchbay/llm/wire/gemini/address';

import type { Operation } from './serve-call.ts';

/** Calls whose address is always the same; the body names the model. */
export const FIXED_OPERATIONS: readonly Operation[] = [
  { route: '/v1/chat/completions', format: 'openai-chat', operation: 'generate' },
  { route: '/v1/messages', format: 'anthropic-messages', operation: 'generate' },
  { route: '/v1/messages/count_tokens', format: 'anthropic-messages', operation: 'count-tokens' },
  { route: '/v1/responses', format: 'openai-responses', operation: 'generate' },
  { route: '/v1/responses/input_tokens', format: 'openai-responses', operation: 'count-tokens' },
];

const GEMINI_VERBS: Readonly<Record<string, Pick<Operation, 'operation'> & { readonly stream: boolean }>> = {
  generateContent: { operation: 'generate', stream: false },
  streamGenerateContent: { operation: 'generate', stream: true },
  countTokens: { operation: 'count-tokens', stream: false },
  embedContent: { operation: 'embed', stream: false },
  batchEmbedContents: { operation: 'embed-batch', stream: false },
};

/** The call that a POST to this path is, where the path names the model; `undefined` when it is none. */
export function addressedOperation(path: string): Operation | undefined {
  const address = readAddress(path);
  const name = address?.verb ?? '';
  const verb = Object.hasOwn(GEMINI_VERBS, name) ? GEMINI_VERBS[name] : undefined;
  if (verb === undefined || address === undefined) return undefined;
  const { operation, stream } = verb;
  const route = `/v1beta/models/{model}:${name}`;
  return { route, format: 'gemini', operation, addressed: { model: address.model, stream } };
}
