import type { Extras } from '../../model/extras.ts';
import { ok, type Result } from '../../model/failure.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { GenerationRequest, OutputFormat, ReasoningSettings } from '../../model/request.ts';
import type { Encoded, Loss } from '../codec.ts';
import { foreignExtras } from '../foreign-extras.ts';
import { compact, joined } from '../read.ts';
import { withoutTools } from '../without-tools.ts';
import type { OpenAiResponsesDialect } from './dialect.ts';
import { encodeMessages } from './encode-messages.ts';
import { OWN, ownOf } from './own-extras.ts';
import { callMembers } from './tool-names.ts';
import { encodeToolChoice, encodeTools, type EncodedTools } from './tools.ts';

/** Writes a request. Nothing is added that the caller did not say, except what `unasked` says and why. */
export function encodeRequest(request: GenerationRequest, dialect: OpenAiResponsesDialect): Result<Encoded> {
  const losses: Loss[] = [];
  const { cacheControl = false, plainReasoning = false } = dialect;
  const { body, additional } = encodeSettings(request, dialect, losses);
  const offered = callMembers(request.tools);
  const writing = { cacheControl, plainReasoning, losses };
  const { instructions, items } = encodeMessages(request.messages, offered, writing);
  const input = placed(items, additional);
  const said = { model: request.model, instructions, input: input.length > 0 ? input : undefined, ...body };
  return ok({ body: compact(said), losses });
}

/** The items with those that offer tools among them, each where it was. */
function placed(items: readonly JsonObject[], additional: EncodedTools['additional']): readonly Json[] {
  if (additional.length === 0) return items;
  const all: Json[] = [];
  let next = 0;
  for (const { at, item } of additional) {
    while (all.length < at && next < items.length) all.push(items[next++] as Json);
    all.push(item);
  }
  return [...all, ...items.slice(next)];
}

/** All that a request says beside the conversation, and the items of the conversation that offer tools. */
export interface EncodedSettings {
  readonly body: JsonObject;
  readonly additional: EncodedTools['additional'];
}

/** Writes what a request says beside the conversation. */
export function encodeSettings(
  request: GenerationRequest,
  dialect: OpenAiResponsesDialect,
  losses: Loss[],
): EncodedSettings {
  const own = request.extras?.[OWN];
  const { shared, extras } = sharedMembers(request.extras);
  losses.push(...foreignExtras(extras, OWN, 'extras'), ...unsupported(request));
  const { wire, additional } = encodeToolSettings(request, dialect, losses);
  const body: JsonObject = {
    ...wire,
    max_output_tokens: request.maxOutputTokens,
    temperature: request.temperature,
    top_p: request.topP,
    text: request.outputFormat && { format: encodeFormat(request.outputFormat, losses) },
    reasoning: encodeReasoningSettings(request.reasoning, losses),
    user: request.endUserId,
    stream: request.stream ? true : undefined,
  };
  const unsaid = own === undefined ? unasked(request, dialect) : {};
  return { body: compact(joined(joined({ ...unsaid, ...body }, shared), own)), additional };
}

/**
 * What a caller of another format means by saying nothing: that nobody keeps the conversation, which this vendor does
 * unless told otherwise, and that thoughts come so that they can be given back, which unkept ones can be only encrypted.
 */
function unasked({ reasoning }: GenerationRequest, { encryptedReasoning = true }: OpenAiResponsesDialect): JsonObject {
  const thinks = reasoning !== undefined && reasoning.mode !== 'disabled' && reasoning.effort !== 'none';
  return { store: false, ...(thinks && encryptedReasoning && { include: ['reasoning.encrypted_content'] }) };
}

/** Members that OpenAI's other format has too, under the same names and with the same meaning. */
const SHARED = new Set([
  'metadata',
  'moderation',
  'prompt_cache_key',
  'prompt_cache_options',
  'prompt_cache_retention',
  'safety_identifier',
  'service_tier',
  'store',
]);

/** What OpenAI's other format said that has a place here, and the extras without it. */
function sharedMembers(extras: Extras | undefined): {
  readonly shared: JsonObject;
  readonly extras: Extras | undefined;
} {
  const chat = extras?.['openai-chat'];
  if (chat === undefined) return { shared: {}, extras };
  const isShared = ([name]: readonly [string, unknown]): boolean => SHARED.has(name) || name === 'verbosity';
  const members = Object.entries(chat);
  const { verbosity, ...shared } = Object.fromEntries(members.filter(isShared));
  const rest = Object.fromEntries(members.filter((each) => !isShared(each)));
  const text = verbosity === undefined ? {} : { text: { verbosity } };
  return { shared: { ...shared, ...text }, extras: { ...extras, 'openai-chat': rest } };
}

function encodeToolSettings(
  request: GenerationRequest,
  dialect: OpenAiResponsesDialect,
  losses: Loss[],
): { readonly wire: JsonObject; readonly additional: EncodedTools['additional'] } {
  const { tools = [], toolChoice, parallelToolCalls } = request;
  const own = request.extras?.[OWN] !== undefined;
  const { cacheControl = false } = dialect;
  const { tools: listed, additional } = encodeTools(tools, { own, cacheControl, losses });
  // The vendor takes these without tools; of other formats they are told only beside some.
  if (!own && listed.length === 0) {
    losses.push(...withoutTools(request));
    return { wire: {}, additional };
  }
  const wire = {
    tools: listed.length > 0 ? listed : undefined,
    tool_choice: toolChoice && encodeToolChoice(toolChoice, tools),
    parallel_tool_calls: parallelToolCalls,
  };
  return { wire, additional };
}

const UNSUPPORTED = ['topK', 'seed', 'presencePenalty', 'frequencyPenalty', 'stopSequences'] as const;

/** Settings that have no counterpart. */
function unsupported(request: GenerationRequest): readonly Loss[] {
  const lost = (path: string, what: string): Loss => ({ path, what, instead: 'dropped' });
  const losses = UNSUPPORTED.filter((path) => request[path] !== undefined).map((path) => lost(path, path));
  return (request.candidateCount ?? 1) > 1 ? [...losses, lost('candidateCount', 'several candidates')] : losses;
}

function encodeFormat(format: OutputFormat, losses: Loss[]): Json {
  if (format.type === 'text') return { type: 'text' };
  if (format.type === 'json') return { type: 'json_object' };
  losses.push(...foreignExtras(format.extras, OWN, 'outputFormat'));
  const { name = 'answer', description, schema, strict } = format;
  return compact({ type: 'json_schema', name, description, schema, strict, ...ownOf(format.extras) });
}

/** Effort words by the highest thinking budget, in tokens, that counts as such an effort. */
const EFFORTS: readonly (readonly [budgetTokensMax: number, effort: string])[] = [
  [2048, 'low'],
  [8192, 'medium'],
  [Infinity, 'high'],
];

function encodeReasoningSettings(settings: ReasoningSettings | undefined, losses: Loss[]): JsonObject | undefined {
  if (settings === undefined) return undefined;
  losses.push(...foreignExtras(settings.extras, OWN, 'reasoning'));
  const { mode, effort, budgetTokens } = settings;
  const nearest = effort ?? EFFORTS.find(([most]) => (budgetTokens ?? NaN) <= most)?.[1];
  // Most models refuse to be told not to think: leaving it out is the nearest thing that always works.
  const said = mode === 'disabled' ? effort : nearest;
  if (budgetTokens !== undefined)
    losses.push({ path: 'reasoning.budgetTokens', what: 'thinking budget', instead: 'approximated' });
  else if (mode !== undefined)
    losses.push({ path: 'reasoning.mode', what: `thinking ${mode}`, instead: 'approximated' });
  const wire = compact({ effort: said, ...ownOf(settings.extras) });
  return Object.keys(wire).length > 0 || settings.extras?.[OWN] !== undefined ? wire : undefined;
}
