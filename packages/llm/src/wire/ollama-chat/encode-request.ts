import { ok, type Result } from '../../model/failure.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { GenerationRequest, OutputFormat, ReasoningSettings } from '../../model/request.ts';
import type { Encoded, Loss } from '../codec.ts';
import { foreignExtras } from '../foreign-extras.ts';
import { compact, joined } from '../read.ts';
import type { OllamaChatDialect } from './dialect.ts';
import { encodeMessages } from './encode-messages.ts';
import { encodeTools } from './tools.ts';

/** Writes a request. `stream` is always said, because Ollama streams unless it is told not to. */
export function encodeRequest(request: GenerationRequest, dialect: OllamaChatDialect): Result<Encoded> {
  const losses: Loss[] = [...foreignExtras(request.extras, 'ollama-chat', 'extras'), ...unsupported(request)];
  const body: JsonObject = {
    model: request.model,
    messages: encodeMessages(request.messages, losses),
    tools: encodeTools(request, losses),
    format: encodeFormat(request.outputFormat, losses),
    think: encodeThink(request.reasoning, losses),
    stream: request.stream,
    options: encodeOptions(request, dialect),
  };
  return ok({ body: joined(compact(body), request.extras?.['ollama-chat']), losses });
}

function encodeOptions(request: GenerationRequest, { contextTokens }: OllamaChatDialect): JsonObject | undefined {
  const options = compact({
    num_ctx: contextTokens,
    num_predict: request.maxOutputTokens,
    temperature: request.temperature,
    top_p: request.topP,
    top_k: request.topK,
    presence_penalty: request.presencePenalty,
    frequency_penalty: request.frequencyPenalty,
    seed: request.seed,
    stop: request.stopSequences,
  });
  return Object.keys(options).length > 0 ? options : undefined;
}

/** Settings that have no counterpart. */
function unsupported({ candidateCount = 1, endUserId }: GenerationRequest): readonly Loss[] {
  const losses: Loss[] = [];
  if (candidateCount > 1) losses.push({ path: 'candidateCount', what: 'several candidates', instead: 'dropped' });
  if (endUserId !== undefined) losses.push({ path: 'endUserId', what: 'name of the end user', instead: 'dropped' });
  return losses;
}

function encodeFormat(format: OutputFormat | undefined, losses: Loss[]): Json | undefined {
  if (format === undefined || format.type === 'text') return undefined;
  if (format.type === 'json') return 'json';
  losses.push(...foreignExtras(format.extras, 'ollama-chat', 'outputFormat'));
  for (const name of ['name', 'description', 'strict'] as const)
    if (format[name] !== undefined)
      losses.push({ path: `outputFormat.${name}`, what: `\`${name}\` of a schema`, instead: 'dropped' });
  return format.schema;
}

/** Efforts that Ollama has a word for, in that word. */
const EFFORTS: Readonly<Record<string, string>> = {
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'high',
  max: 'high',
};

function encodeThink(reasoning: ReasoningSettings | undefined, losses: Loss[]): boolean | string | undefined {
  if (reasoning === undefined) return undefined;
  losses.push(...foreignExtras(reasoning.extras, 'ollama-chat', 'reasoning'));
  const { mode, effort, budgetTokens } = reasoning;
  const approximated = (name: string): void => {
    losses.push({ path: `reasoning.${name}`, what: `${name} of thinking`, instead: 'approximated' });
  };
  if (mode === 'adaptive') approximated('mode');
  if (budgetTokens !== undefined) approximated('budgetTokens');
  if (mode === 'disabled') {
    if (effort !== undefined) approximated('effort');
    return false;
  }
  if (effort === 'none' && mode === undefined) return false;
  if (effort === undefined) return mode === undefined && budgetTokens === undefined ? undefined : true;
  const word = Object.hasOwn(EFFORTS, effort) ? EFFORTS[effort] : undefined;
  if (word !== effort) approximated('effort');
  return word ?? true;
}
