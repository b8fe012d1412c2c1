import type { Operation } from './serve-call.ts';

/** Calls whose address is always the same; the body names the model. */
export const FIXED_OPERATIONS: readonly Operation[] = [
  { route: '/v1/chat/completions', format: 'openai-chat', operation: 'generate' },
  { route: '/v1/messages', format: 'anthropic-messages', operation: 'generate' },
  { route: '/v1/messages/count_tokens', format: 'anthropic-messages', operation: 'count-tokens' },
  { route: '/v1/responses', format: 'openai-responses', operation: 'generate' },
  { route: '/v1/responses/input_tokens', format: 'openai-responses', operation: 'count-tokens' },
];
/**
 * Gemini's clients write the model into the path, slashes and colons included; the last colon parts it from the verb.
 * Vercel's and LangChain's leave out `models/` before a name that has a slash.
 */
const GEMINI = /^\/v1(?:beta1?|alpha)?\/(?:publishers\/google\/)?(?:models\/)?(.+):([a-zA-Z]+)$/;
const GEMINI_VERBS: Readonly<Record<string, Pick<Operation, 'operation'> & { readonly stream: boolean }>> = {
  generateContent: { operation: 'generate', stream: false },
  streamGenerateContent: { operation: 'generate', stream: true },
  countTokens: { operation: 'count-tokens', stream: false },
  embedContent: { operation: 'embed', stream: false },
  batchEmbedContents: { operation: 'embed-batch', stream: false },
};

/** The call that a POST to this path is, where the path names the model; `undefined` when it is none. */
export function addressedOperation(path: string): Operation | undefined {
  const [, written = '', name = ''] = GEMINI.exec(path) ?? [];
  const verb = Object.hasOwn(GEMINI_VERBS, name) ? GEMINI_VERBS[name] : undefined;
  const model = decoded(written);
  if (verb === undefined || model === undefined) return undefined;
  const { operation, stream } = verb;
  const route = `/v1beta/models/{model}:${name}`;
  return { route, format: 'gemini', operation, addressed: { model, stream } };
}

/** Text with its percent escapes read; `undefined` when they make no text. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
