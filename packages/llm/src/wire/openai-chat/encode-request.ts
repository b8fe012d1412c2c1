import { ok, type Result } from '../../model/failure.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { GenerationRequest, OutputFormat, ReasoningSettings } from '../../model/request.ts';
import type { Encoded, Loss } from '../codec.ts';
import { compact, joined, objectOf } from '../read.ts';
import type { OpenAiChatDialect } from './dialect.ts';
import { encodeMessages } from './encode-messages.ts';
import { foreignExtras } from '../foreign-extras.ts';
import { withoutTools } from '../without-tools.ts';
import { encodeToolChoice, encodeTools } from './tools.ts';

/** Writes a request. Nothing is added that the caller did not say, except that a stream asks for its usage. */
export function encodeRequest(request: GenerationRequest, dialect: OpenAiChatDialect): Result<Encoded> {
  const losses: Loss[] = [...foreignExtras(request.extras, 'openai-chat', 'extras')];
  const own = request.extras?.['openai-chat'];
  if (request.topK !== undefined && own === undefined && request.extras !== undefined) {
    losses.push({ path: 'topK', what: '`top_k` where the server may not know it', instead: 'approximated' });
  }
  const body: JsonObject = {
    model: request.model,
    messages: encodeMessages(request.messages, dialect, losses),
    ...encodeToolSettings(request, dialect, losses),
    [dialect.maxTokensField ?? 'max_completion_tokens']: request.maxOutputTokens,
    temperature: request.temperature,
    top_p: request.topP,
    top_k: request.topK,
    presence_penalty: request.presencePenalty,
    frequency_penalty: request.frequencyPenalty,
    seed: request.seed,
    stop: request.stopSequences,
    response_format: request.outputFormat === undefined ? undefined : encodeFormat(request.outputFormat, losses),
    reasoning_effort: encodeEffort(request.reasoning, losses),
    n: request.candidateCount,
    user: request.endUserId,
    stream: request.stream ? true : undefined,
  };
  return ok({ body: compact(joined(body, ownMembers(request, dialect, losses))), losses });
}

function encodeToolSettings(request: GenerationRequest, dialect: OpenAiChatDialect, losses: Loss[]): JsonObject {
  const { tools = [], toolChoice, parallelToolCalls } = request;
  const wire = encodeTools(tools, dialect.cacheControl === true, losses);
  if (wire.length === 0) {
    losses.push(...withoutTools(request));
    return {};
  }
  return {
    tools: wire,
    tool_choice: toolChoice && encodeToolChoice(toolChoice),
    parallel_tool_calls: parallelToolCalls,
  };
}

/** The members of this format that the model does not name, as far as this server takes them. */
function ownMembers(request: GenerationRequest, dialect: OpenAiChatDialect, losses: Loss[]): JsonObject {
  const { max_tokens: olderBound, stream_options: streamOptions, ...own } = request.extras?.['openai-chat'] ?? {};
  const lose = (name: string): void => {
    losses.push({ path: `extras.${name}`, what: `\`${name}\``, instead: 'dropped' });
  };
  // A server that knows but one bound is told the newer one.
  const bound = dialect.maxTokensField === 'max_tokens' ? undefined : olderBound;
  if (bound !== olderBound) lose('max_tokens');
  const options = dialect.streamOptions === false ? undefined : streamOptions;
  // Asked or not, such a server ends a stream with its usage.
  if (options !== streamOptions)
    for (const name of Object.keys(objectOf(streamOptions) ?? {}))
      if (name !== 'include_usage') lose(`stream_options.${name}`);
  const asks = request.stream && dialect.streamOptions !== false;
  return {
    ...own,
    ...(bound !== undefined && { max_tokens: bound }),
    ...(options !== undefined && { stream_options: options }),
    ...(asks && { stream_options: { ...objectOf(options), include_usage: true } }),
  };
}

function encodeFormat(format: OutputFormat, losses: Loss[]): Json {
  if (format.type === 'text') return { type: 'text' };
  if (format.type === 'json') return { type: 'json_object' };
  losses.push(...foreignExtras(format.extras, 'openai-chat', 'outputFormat'));
  const { name = 'answer', description, schema, strict } = format;
  return {
    type: 'json_schema',
    json_schema: compact({ name, description, schema, strict, ...format.extras?.['openai-chat'] }),
  };
}

/** Upper bounds of the budgets that count as low and as medium effort, in tokens. */
const LOW_BUDGET = 2048;
const MEDIUM_BUDGET = 8192;

function encodeEffort(reasoning: ReasoningSettings | undefined, losses: Loss[]): string | undefined {
  if (reasoning === undefined) return undefined;
  losses.push(...foreignExtras(reasoning.extras, 'openai-chat', 'reasoning'));
  const { mode, effort, budgetTokens } = reasoning;
  const approximated = (path: string, what: string): void => {
    losses.push({ path: `reasoning.${path}`, what, instead: 'approximated' });
  };
  if (mode === 'disabled') {
    approximated('mode', 'thinking switched off');
    // Most models refuse an explicit "no effort": leaving it out is the nearest thing that always works.
    return effort;
  }
  if (budgetTokens !== undefined) approximated('budgetTokens', 'thinking budget');
  else if (mode !== undefined) approximated('mode', `${mode} thinking`);
  if (effort !== undefined || budgetTokens === undefined) return effort;
  if (budgetTokens <= LOW_BUDGET) return 'low';
  return budgetTokens <= MEDIUM_BUDGET ? 'medium' : 'high';
}
