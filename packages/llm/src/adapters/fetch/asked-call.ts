import type { Addressed } from '../../wire/codec.ts';
import { readAddress } from '../../wire/gemini/address.ts';
import type { ServedFormatId } from '../../wire/registry.ts';

/** A call as the address says it: what is asked for, and in which dialect. */
export interface AskedCall {
  readonly format: ServedFormatId;
  readonly operation: 'generate' | 'count-tokens' | 'embed' | 'list-models';
  /** What the address says and the body does not. */
  readonly addressed?: Addressed;
  /** True where a stream is wanted as one JSON list: Gemini's clients who do not ask for events. */
  readonly list?: boolean;
  /** The one model that a list is asked for. */
  readonly modelId?: string;
}

type Fixed = readonly [end: string, format: ServedFormatId, operation: AskedCall['operation']];

/** Ends of the paths that are always the same; what stands before them is the base URL, which is anyone's. */
const FIXED: readonly Fixed[] = [
  ['/chat/completions', 'openai-chat', 'generate'],
  ['/responses', 'openai-responses', 'generate'],
  ['/messages', 'anthropic-messages', 'generate'],
  ['/messages/count_tokens', 'anthropic-messages', 'count-tokens'],
  ['/responses/input_tokens', 'openai-responses', 'count-tokens'],
  ['/embeddings', 'openai-chat', 'embed'],
];

/** Gemini's verbs that are calls of ours. */
const VERBS: Readonly<Record<string, Pick<AskedCall, 'operation'> & { readonly stream: boolean }>> = {
  generateContent: { operation: 'generate', stream: false },
  streamGenerateContent: { operation: 'generate', stream: true },
  countTokens: { operation: 'count-tokens', stream: false },
};

/** The call that a request of an official SDK is; `undefined` when it is none that models of other vendors can answer. */
export function askedCall(method: string, url: URL, headers: Headers): AskedCall | undefined {
  const path = url.pathname;
  if (method === 'GET') return listed(path, headers);
  if (method !== 'POST') return undefined;
  const fixed = FIXED.find(([end]) => path.endsWith(end));
  if (fixed !== undefined) return { format: fixed[1], operation: fixed[2] };
  // The version is part of Gemini's base URL, behind whatever a proxy put there.
  const address = readAddress(path.slice(Math.max(0, path.search(/\/v1(?:beta1?|alpha)?\//))));
  const verb = address && Object.hasOwn(VERBS, address.verb) ? VERBS[address.verb] : undefined;
  if (address === undefined || verb === undefined) return undefined;
  const { operation, stream } = verb;
  const list = stream && url.searchParams.get('alt') !== 'sse';
  return { format: 'gemini', operation, addressed: { model: address.model, stream }, list };
}

const MODELS = /\/models(?:\/(.+))?$/;

function listed(path: string, headers: Headers): AskedCall | undefined {
  const found = MODELS.exec(path);
  if (found === null) return undefined;
  const [, modelId] = found;
  const operation = 'list-models';
  const format = dialectOf(headers);
  return { format, operation, ...(modelId !== undefined && { modelId: decodeURIComponent(modelId) }) };
}

/** Whose SDK asks, where the path is the same for all. */
export function dialectOf(headers: Headers): ServedFormatId {
  if (headers.has('x-goog-api-key') || headers.has('x-goog-api-client')) return 'gemini';
  return headers.has('anthropic-version') ? 'anthropic-messages' : 'openai-chat';
}
