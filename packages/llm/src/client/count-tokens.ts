import type { WireFormatId } from '../model/extras.ts';
import { failed, ok, type Result } from '../model/failure.ts';
import type { JsonObject } from '../model/json.ts';
import type { GenerationRequest } from '../model/request.ts';
import type { Speaks } from '../providers/define-provider.ts';
import { pathOf } from '../providers/path-of.ts';
import { speechFor } from '../providers/speech-for.ts';
import { estimateTokens } from '../tools/estimate-tokens.ts';
import { numberOf, objectOf } from '../wire/read.ts';
import { readAsk, type Ask } from './ask.ts';
import { encodeFor } from './attempt.ts';
import type { CallOptions } from './call-options.ts';
import type { ClientContext } from './context.ts';
import { LlmError } from './llm-error.ts';
import { notUnderstood, postJson } from './post-json.ts';
import { resolveModel } from './resolve-model.ts';
import type { Attempt } from './run-call.ts';
import { runPlainCall } from './run-plain-call.ts';

/** How many tokens a request has. */
export interface CountedTokens {
  readonly inputTokens: number;
  /** False when the provider itself counted; true when we did, at one token for 4.7 bytes. */
  readonly estimated: boolean;
}

/**
 * Counts the tokens of a request: by the provider where it has an address for that, else by estimate. The first model
 * alone is asked. Throws `LlmError`.
 */
export async function countTokens(client: ClientContext, ask: Ask, options: CallOptions): Promise<CountedTokens> {
  const asked = readAsk(ask, { stream: false });
  if (!asked.ok) throw new LlmError(asked.failure);
  const { request, models } = asked.value;
  const target = resolveModel(models[0], client.providers);
  if (!target.ok) throw new LlmError(target.failure);
  const speaks = countingSpeech(client, target.value);
  if (speaks === undefined) return { inputTokens: estimateTokens(request), estimated: true };
  const { value } = await runPlainCall<number>(client, {
    operation: 'count-tokens',
    models: [models[0]],
    options: { ...options, fallbacks: [] },
    perform: (attempt) => count(client, attempt, { request, speaks }),
  });
  return { inputTokens: value, estimated: false };
}

/** The format in which a provider counts for a model. */
function countingSpeech(
  { providers, codecOf }: ClientContext,
  { providerId, model }: { readonly providerId: string; readonly model: string },
): Speaks | undefined {
  const speaks = providers.get(providerId)?.speaks.filter(({ countPath }) => countPath !== undefined) ?? [];
  const speech = speechFor({ speaks }, model);
  return speech !== undefined && codecOf(speech) !== undefined ? speech : undefined;
}

interface Counting {
  readonly request: GenerationRequest;
  readonly speaks: Speaks;
}

async function count(client: ClientContext, attempt: Attempt, { request, speaks }: Counting): Promise<Result<number>> {
  const { model } = attempt.target;
  const encoded = await encodeFor(client, speaks, { ...request, model });
  if (!encoded.ok) return encoded;
  const { body } = encoded.value.encoded;
  const shaped = COUNTED_BODIES[speaks.format]?.(body, model) ?? body;
  const sent = await postJson(client, attempt, { path: pathOf(speaks, model, 'count'), body: shaped });
  if (!sent.ok) return sent;
  const { input_tokens: tokens, totalTokens } = objectOf(sent.value) ?? {};
  const counted = numberOf(tokens) ?? numberOf(totalTokens);
  return counted === undefined ? failed(notUnderstood('a count').failure) : ok(counted);
}

/** Members that count; those that only steer the answer are refused by the vendors' strict readers. */
const ANTHROPIC = ['model', 'messages', 'system', 'tools', 'tool_choice', 'thinking', 'mcp_servers'];
const RESPONSES = [
  'model',
  'input',
  'instructions',
  'tools',
  'tool_choice',
  'text',
  'reasoning',
  'parallel_tool_calls',
];

const only = (body: JsonObject, members: readonly string[]): JsonObject =>
  Object.fromEntries(members.filter((name) => body[name] !== undefined).map((name) => [name, body[name]]));

const COUNTED_BODIES: Readonly<Partial<Record<WireFormatId, (body: JsonObject, model: string) => JsonObject>>> = {
  'anthropic-messages': (body) => only(body, ANTHROPIC),
  'openai-responses': (body) => only(body, RESPONSES),
  // The plain form counts neither instructions nor tools: https://ai.google.dev/api/tokens
  gemini: (body, model) => ({ generateContentRequest: { ...body, model: `models/${model}` } }),
};
