import { ok, type Result } from '../../model/failure.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { GenerationRequest, OutputFormat, ReasoningSettings } from '../../model/request.ts';
import type { Encoded, Loss } from '../codec.ts';
import { compact } from '../read.ts';
import type { OpenAiChatDialect } from './dialect.ts';
import { encodeMessages } from './encode-messages.ts';
import { foreignExtras } from './losses.ts';
import { encodeToolChoice, encodeTools } from './tools.ts';

/** Writes a request. Nothing is added that the caller did not say, except that a stream asks for its usage. */
export function encodeRequest(request: GenerationRequest, dialect: OpenAiChatDialect): Result<Encoded> {
  const losses: Loss[] = [...foreignExtras(request.extras, 'extras')];
  const own = request.extras?.['openai-chat'];
  if (request.topK !== undefined && own === undefined && request.extras !== undefined) {
    losses.push({ path: 'topK', what: '`top_k` where the server may not know it', instead: 'approximated' });
  }
  const tools =
    request.tools === undefined ? undefined : encodeTools(request.tools, dialect.cacheControl === true, losses);
  const some = tools !== undefined && tools.length > 0;
  const body: JsonObject = {
    model: request.model,
    messages: encodeMessages(request.messages, dialect, losses),
    tools: some ? tools : undefined,
    tool_choice: some && request.toolChoice !== undefined ? encodeToolChoice(request.toolChoice) : undefined,
    parallel_tool_calls: some ? request.parallelToolCalls : undefined,
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
    ...own,
    ...streamOptions(request, dialect, own),
  };
  return ok({ body: compact(body), losses });
}

function streamOptions(
  request: GenerationRequest,
  dialect: OpenAiChatDialect,
  own: JsonObject | undefined,
): JsonObject {
  if (!request.stream || dialect.streamOptions === false) return {};
  const said = (own?.['stream_options'] ?? {}) as JsonObject;
  return { stream_options: { ...said, include_usage: true } };
}

function encodeFormat(format: OutputFormat, losses: Loss[]): Json {
  if (format.type === 'text') return { type: 'text' };
  if (format.type === 'json') return { type: 'json_object' };
  losses.push(...foreignExtras(format.extras, 'outputFormat'));
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
  losses.push(...foreignExtras(reasoning.extras, 'reasoning'));
  if (reasoning.effort !== undefined) return reasoning.effort;
  // Most models refuse an explicit "no effort": leaving it out is the nearest thing that always works.
  if (reasoning.mode === 'disabled') return undefined;
  if (reasoning.budgetTokens === undefined) {
    losses.push({ path: 'reasoning.mode', what: 'adaptive thinking', instead: 'approximated' });
    return undefined;
  }
  losses.push({ path: 'reasoning.budgetTokens', what: 'thinking budget', instead: 'approximated' });
  if (reasoning.budgetTokens <= LOW_BUDGET) return 'low';
  return reasoning.budgetTokens <= MEDIUM_BUDGET ? 'medium' : 'high';
}
