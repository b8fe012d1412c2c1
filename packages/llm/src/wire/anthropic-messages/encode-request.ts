import { ok, type Result } from '../../model/failure.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { GenerationRequest, OutputFormat, ReasoningSettings } from '../../model/request.ts';
import type { Encoded, Loss } from '../codec.ts';
import { compact, objectOf } from '../read.ts';
import { withoutTools } from '../without-tools.ts';
import type { AnthropicMessagesDialect } from './dialect.ts';
import { encodeMessages } from './encode-messages.ts';
import { foreignExtras } from '../foreign-extras.ts';
import { encodeToolChoice, encodeTools } from './tools.ts';

/** Anthropic requires a bound; this one every current model accepts. In tokens. */
const DEFAULT_MAX_TOKENS = 8192;
/** Smallest thinking budget that Anthropic takes, in tokens. */
const BUDGET_MIN = 1024;

/** Effort words to thinking budgets, in tokens. */
const BUDGETS: Readonly<Record<string, number>> = {
  minimal: 1024,
  low: 1024,
  medium: 4096,
  high: 16_384,
  xhigh: 32_768,
  max: 32_768,
};

/** Writes a request; what Anthropic cannot carry is reported. */
export function encodeRequest(request: GenerationRequest, dialect: AnthropicMessagesDialect): Result<Encoded> {
  const losses: Loss[] = [...foreignExtras(request.extras, 'anthropic-messages', 'extras'), ...unsupported(request)];
  const own = request.extras?.['anthropic-messages'];
  const maxTokens = request.maxOutputTokens ?? dialect.defaultMaxTokens ?? DEFAULT_MAX_TOKENS;
  const { system, messages } = encodeMessages(request.messages, losses);
  const toolSettings = encodeToolSettings(request, losses);
  const thinking = encodeThinking(request, { maxTokens, choice: objectOf(toolSettings['tool_choice']) }, losses);
  const body: JsonObject = {
    ...(dialect.versionInBody === undefined ? { model: request.model } : { anthropic_version: dialect.versionInBody }),
    max_tokens: maxTokens,
    system,
    messages,
    ...toolSettings,
    temperature: encodeTemperature(request, (thinking?.['type'] ?? 'disabled') !== 'disabled', losses),
    top_p: request.topP,
    top_k: request.topK,
    stop_sequences: encodeStops(request.stopSequences, losses),
    thinking,
    ...own,
    output_config: encodeConfig(request, objectOf(own?.['output_config']), losses),
    metadata: encodeMetadata(request, objectOf(own?.['metadata'])),
    stream: request.stream && dialect.framing === undefined ? true : undefined,
  };
  return ok({ body: compact(body), losses });
}

function encodeToolSettings(request: GenerationRequest, losses: Loss[]): JsonObject {
  const { tools = [], toolChoice, parallelToolCalls } = request;
  const wire = encodeTools(tools, losses);
  if (wire.length === 0) {
    losses.push(...withoutTools(request));
    return {};
  }
  // Who calls nothing calls nothing side by side: Anthropic has no place for more words about it.
  if (toolChoice?.type === 'none' && parallelToolCalls !== undefined)
    losses.push({ path: 'parallelToolCalls', what: '`parallelToolCalls` without calls', instead: 'dropped' });
  return { tools: wire, tool_choice: encodeToolChoice(toolChoice, parallelToolCalls) };
}

/** Settings that have no counterpart. */
function unsupported(request: GenerationRequest): readonly Loss[] {
  const losses: Loss[] = [];
  const names = ['seed', 'presencePenalty', 'frequencyPenalty'] as const;
  for (const path of names) if (request[path] !== undefined) losses.push({ path, what: path, instead: 'dropped' });
  if ((request.candidateCount ?? 1) > 1)
    losses.push({ path: 'candidateCount', what: 'several candidates', instead: 'dropped' });
  return losses;
}

/** The caller's own words, or a budget for an effort in another dialect's words. */
function encodeThinking(
  request: GenerationRequest,
  { maxTokens, choice }: { readonly maxTokens: number; readonly choice: JsonObject | undefined },
  losses: Loss[],
): JsonObject | undefined {
  const { reasoning } = request;
  if (reasoning === undefined) return undefined;
  losses.push(...foreignExtras(reasoning.extras, 'anthropic-messages', 'reasoning'));
  const mode = modeOf(reasoning);
  if (mode !== undefined)
    return compact({ type: mode, budget_tokens: reasoning.budgetTokens, ...reasoning.extras?.['anthropic-messages'] });
  if (reasoning.effort === undefined || isOwn(request)) return undefined;
  if (reasoning.effort === 'none') return { type: 'disabled' };
  const budget = Math.min(BUDGETS[reasoning.effort] ?? BUDGET_MIN, maxTokens - 1);
  // Anthropic does not let a model think that must call a tool.
  const possible = budget >= BUDGET_MIN && choice?.['type'] !== 'any' && choice?.['type'] !== 'tool';
  losses.push({ path: 'reasoning.effort', what: 'reasoning effort', instead: possible ? 'approximated' : 'dropped' });
  return possible ? { type: 'enabled', budget_tokens: budget } : undefined;
}

/** Whoever names a budget wants thoughts. */
const modeOf = ({ mode, budgetTokens }: ReasoningSettings): ReasoningSettings['mode'] =>
  mode ?? (budgetTokens === undefined ? undefined : 'enabled');

/** True when the effort was said in this format's own words. */
const isOwn = ({ reasoning }: GenerationRequest): boolean => reasoning?.extras?.['anthropic-messages'] !== undefined;

/** Anthropic's scale ends at 1, and with thinking it must be left alone. */
function encodeTemperature({ temperature }: GenerationRequest, thinks: boolean, losses: Loss[]): number | undefined {
  if (temperature === undefined) return undefined;
  if (thinks && temperature !== 1) {
    losses.push({ path: 'temperature', what: 'temperature while the model thinks', instead: 'dropped' });
    return undefined;
  }
  if (temperature <= 1) return temperature;
  losses.push({ path: 'temperature', what: 'temperature above 1', instead: 'approximated' });
  return 1;
}

function encodeStops(stops: readonly string[] | undefined, losses: Loss[]): readonly Json[] | undefined {
  if (stops === undefined) return undefined;
  const usable = stops.filter((stop) => stop.trim() !== '');
  if (usable.length < stops.length)
    losses.push({ path: 'stopSequences', what: 'stop sequences of white space', instead: 'dropped' });
  return usable.length > 0 || stops.length === 0 ? usable : undefined;
}

function encodeConfig(request: GenerationRequest, own: JsonObject | undefined, losses: Loss[]): JsonObject | undefined {
  const { outputFormat: format, reasoning } = request;
  if (format?.type === 'json')
    losses.push({ path: 'outputFormat', what: 'JSON mode without a schema', instead: 'dropped' });
  if (format?.type === 'json-schema') losses.push(...besideSchema(format));
  const schema =
    format?.type === 'json-schema'
      ? { type: 'json_schema', schema: format.schema, ...format.extras?.['anthropic-messages'] }
      : undefined;
  const effort = reasoning !== undefined && (modeOf(reasoning) ?? isOwn(request)) ? reasoning.effort : undefined;
  const config = compact({ ...own, effort, format: schema });
  return Object.keys(config).length > 0 ? config : undefined;
}

/** What is said about a schema beside itself: Anthropic names no format, and holds every answer to its schema. */
function besideSchema(format: OutputFormat & { type: 'json-schema' }): readonly Loss[] {
  const { name, description, strict } = format;
  const losses: Loss[] = [];
  if (name !== undefined) losses.push({ path: 'outputFormat.name', what: 'name of a schema', instead: 'dropped' });
  if (description !== undefined)
    losses.push({ path: 'outputFormat.description', what: 'description of a schema', instead: 'dropped' });
  if (strict !== undefined)
    losses.push({ path: 'outputFormat.strict', what: '`strict` of a schema', instead: 'approximated' });
  return [...losses, ...foreignExtras(format.extras, 'anthropic-messages', 'outputFormat')];
}

function encodeMetadata({ endUserId }: GenerationRequest, own: JsonObject | undefined): JsonObject | undefined {
  const metadata = compact({ ...own, user_id: endUserId });
  return Object.keys(metadata).length > 0 ? metadata : undefined;
}
