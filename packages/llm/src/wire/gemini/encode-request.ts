import { ok, type Result } from '../../model/failure.ts';
import type { JsonObject } from '../../model/json.ts';
import type { GenerationRequest } from '../../model/request.ts';
import type { Encoded, Loss } from '../codec.ts';
import { foreignExtras } from '../foreign-extras.ts';
import { compact, joined } from '../read.ts';
import { withoutTools } from '../without-tools.ts';
import { isBudgetModel, type GeminiDialect } from './dialect.ts';
import { encodeMessages } from './encode-messages.ts';
import { encodeFormat } from './output-format.ts';
import { encodeThinking } from './thinking.ts';
import { encodeToolChoice } from './tool-choice.ts';
import { encodeTools } from './tools.ts';

/** Writes a request without its model, which the address names; what Gemini cannot carry is reported. */
export function encodeRequest(request: GenerationRequest, dialect: GeminiDialect): Result<Encoded> {
  const losses: Loss[] = [...foreignExtras(request.extras, 'gemini', 'extras'), ...unsupported(request)];
  const { unsignedCall, ...others } = dialect;
  const signing = unsignedCall === undefined || isBudgetModel(request.model, dialect) ? others : dialect;
  const { systemInstruction, contents } = encodeMessages(request.messages, signing, losses);
  const config = encodeConfig(request, dialect, losses);
  const body: JsonObject = {
    contents,
    systemInstruction,
    ...encodeToolSettings(request, dialect, losses),
    generationConfig: Object.keys(config).length > 0 ? config : undefined,
  };
  return ok({ body: joined(compact(body), request.extras?.gemini), losses });
}

function encodeToolSettings(request: GenerationRequest, dialect: GeminiDialect, losses: Loss[]): JsonObject {
  const { tools = [], toolChoice, parallelToolCalls } = request;
  const { tools: wire, functions } = encodeTools(tools, dialect, losses);
  const sent = wire.length > 0 ? { tools: wire } : {};
  if (!functions) {
    losses.push(...withoutTools(request));
    return sent;
  }
  // Gemini calls functions side by side whenever it likes, and cannot be told otherwise.
  if (parallelToolCalls === false)
    losses.push({ path: 'parallelToolCalls', what: 'one call at a time', instead: 'dropped' });
  return { ...sent, toolConfig: toolChoice && encodeToolChoice(toolChoice) };
}

/** Settings that have no counterpart. */
function unsupported(request: GenerationRequest): readonly Loss[] {
  if (request.endUserId === undefined) return [];
  return [{ path: 'endUserId', what: 'name of the end user', instead: 'dropped' }];
}

const encodeConfig = (request: GenerationRequest, dialect: GeminiDialect, losses: Loss[]): JsonObject =>
  compact({
    maxOutputTokens: request.maxOutputTokens,
    temperature: request.temperature,
    topP: request.topP,
    topK: request.topK,
    presencePenalty: request.presencePenalty,
    frequencyPenalty: request.frequencyPenalty,
    seed: request.seed,
    candidateCount: request.candidateCount,
    stopSequences: request.stopSequences,
    ...(request.outputFormat && encodeFormat(request.outputFormat, dialect, losses)),
    thinkingConfig: encodeThinking(request, dialect, losses),
  });
