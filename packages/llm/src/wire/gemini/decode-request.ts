import type { Result } from '../../model/failure.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { GenerationRequest } from '../../model/request.ts';
import type { Addressed } from '../codec.ts';
import { isObject, unknownMembers } from '../read.ts';
import { decodeBody, Refusal, wanted } from '../refusal.ts';
import { decodeInstruction, decodeMessages } from './decode-messages.ts';
import { decodeFormat } from './output-format.ts';
import { spelled } from './spelling.ts';
import { decodeThinking } from './thinking.ts';
import { decodeToolConfig } from './tool-choice.ts';
import { decodeTools } from './tools.ts';

/** Members that the model names; `model` is said by the address, which counts. */
const KNOWN = new Set(['contents', 'systemInstruction', 'tools', 'toolConfig', 'generationConfig', 'model']);
const SPELLED = new Set([...KNOWN, 'safetySettings', 'cachedContent', 'serviceTier']);

/** Numbers of `generationConfig` under the names that the model has for them. */
const NUMBERS = [
  'temperature',
  'topP',
  'topK',
  'presencePenalty',
  'frequencyPenalty',
  'seed',
  'candidateCount',
] as const;

const CONFIG = new Set([
  ...NUMBERS,
  'maxOutputTokens',
  'stopSequences',
  'thinkingConfig',
  'responseMimeType',
  'responseSchema',
  'responseJsonSchema',
  'responseModalities',
  'responseLogprobs',
  'mediaResolution',
  'speechConfig',
  'imageConfig',
]);
const NAMED = new Set<string>([...NUMBERS, 'maxOutputTokens', 'stopSequences', 'thinkingConfig']);

/** Reads a caller's request strictly: a wrong type is a failure that names its path. The address names the model. */
export const decodeRequest = (body: Json, addressed?: Addressed): Result<GenerationRequest> =>
  decodeBody(body, (wire) => decode(spelled(wire, SPELLED), addressed));

function decode(body: JsonObject, addressed: Addressed | undefined): GenerationRequest {
  if (addressed === undefined || addressed.model === '') throw new Refusal('model', 'named in the address');
  const config = spelledConfig(body);
  const { format, rest } = decodeFormat(unknownMembers(config, NAMED) ?? {});
  const { choice, rest: toolRest } = decodeToolConfig(body);
  const extras = {
    ...unknownMembers(body, KNOWN),
    ...(rest !== undefined && { generationConfig: rest }),
    ...(toolRest !== undefined && { toolConfig: toolRest }),
  };
  const request: { -readonly [Member in keyof GenerationRequest]?: GenerationRequest[Member] | undefined } = {
    model: addressed.model,
    messages: [...decodeInstruction(body['systemInstruction']), ...decodeMessages(body['contents'])],
    tools: decodeTools(body['tools']),
    toolChoice: choice,
    maxOutputTokens: maxOutputTokens(config),
    stopSequences: stopSequences(config['stopSequences']),
    outputFormat: format,
    reasoning: decodeThinking(config['thinkingConfig']),
    stream: addressed.stream,
    streamUsage: true,
    extras: Object.keys(extras).length > 0 ? { gemini: extras } : undefined,
  };
  for (const name of NUMBERS) request[name] = wanted(config, name, 'number', `generationConfig.${name}`) as number;
  for (const name of Object.keys(request) as (keyof GenerationRequest)[])
    if (request[name] === undefined) delete request[name];
  return request as GenerationRequest;
}

function spelledConfig(body: JsonObject): JsonObject {
  const config = wanted(body, 'generationConfig', 'object');
  return isObject(config) ? spelled(config, CONFIG) : {};
}

function maxOutputTokens(config: JsonObject): number | undefined {
  const path = 'generationConfig.maxOutputTokens';
  const asked = wanted(config, 'maxOutputTokens', 'number', path) as number | undefined;
  if (asked !== undefined && (!Number.isInteger(asked) || asked < 1))
    throw new Refusal(path, 'a whole number of at least 1');
  return asked;
}

function stopSequences(value: Json | undefined): readonly string[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value) || !value.every((each) => typeof each === 'string'))
    throw new Refusal('generationConfig.stopSequences', 'a list of strings');
  return value as readonly string[];
}
