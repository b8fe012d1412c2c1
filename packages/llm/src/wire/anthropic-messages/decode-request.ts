import type { Result } from '../../model/failure.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Message } from '../../model/message.ts';
import type { GenerationRequest, OutputFormat, ReasoningSettings } from '../../model/request.ts';
import type { ToolChoice } from '../../model/tool.ts';
import { objectOf, textOf, unknownMembers } from '../read.ts';
import { decodeBody, Refusal, wanted } from '../refusal.ts';
import { decodeMessages, systemParts } from './decode-messages.ts';
import { decodeTools } from './tools.ts';

const KNOWN = new Set([
  'model',
  'messages',
  'system',
  'tools',
  'tool_choice',
  'max_tokens',
  'temperature',
  'top_p',
  'top_k',
  'stop_sequences',
  'thinking',
  'output_config',
  'metadata',
  'stream',
]);

/** Reads a caller's request strictly: a wrong type is a failure that names its path. */
export const decodeRequest = (body: Json): Result<GenerationRequest> => decodeBody(body, decode);

function decode(body: JsonObject): GenerationRequest {
  const model = body['model'];
  if (typeof model !== 'string' || model === '') throw new Refusal('model', 'a non-empty string');
  const choice = objectOf(wanted(body, 'tool_choice', 'object'));
  const metadata = objectOf(wanted(body, 'metadata', 'object'));
  const config = objectOf(wanted(body, 'output_config', 'object'));
  const serial = choice && wanted(choice, SERIAL, 'boolean', `tool_choice.${SERIAL}`);
  const request: { -readonly [Member in keyof GenerationRequest]?: GenerationRequest[Member] | undefined } = {
    model,
    messages: [...leadingSystem(body['system']), ...decodeMessages(body['messages'])],
    tools: decodeTools(body),
    toolChoice: choice === undefined ? undefined : toolChoice(choice),
    parallelToolCalls: serial === undefined ? undefined : !serial,
    maxOutputTokens: maxTokens(body),
    temperature: wanted(body, 'temperature', 'number') as number | undefined,
    topP: wanted(body, 'top_p', 'number') as number | undefined,
    topK: wanted(body, 'top_k', 'number') as number | undefined,
    stopSequences: stopSequences(body['stop_sequences']),
    outputFormat: config && outputFormat(objectOf(wanted(config, 'format', 'object', 'output_config.format'))),
    reasoning: reasoning(body, config),
    endUserId: metadata && (wanted(metadata, 'user_id', 'string', 'metadata.user_id') as string | undefined),
    stream: wanted(body, 'stream', 'boolean') === true,
    streamUsage: true,
    extras: extrasOf(body, { config, metadata, choice }),
  };
  for (const name of Object.keys(request) as (keyof GenerationRequest)[])
    if (request[name] === undefined) delete request[name];
  return request as GenerationRequest;
}

const CONFIG = new Set(['effort', 'format']);
const METADATA = new Set(['user_id']);

/** Unknown members, and what the model does not name of known ones. */
function extrasOf(
  body: JsonObject,
  parts: { config: JsonObject | undefined; metadata: JsonObject | undefined; choice: JsonObject | undefined },
): GenerationRequest['extras'] {
  const rest: Record<string, Json | undefined> = { ...unknownMembers(body, KNOWN) };
  const config = parts.config && unknownMembers(parts.config, CONFIG);
  const metadata = parts.metadata && unknownMembers(parts.metadata, METADATA);
  if (config !== undefined) rest['output_config'] = config;
  if (metadata !== undefined) rest['metadata'] = metadata;
  if (parts.choice !== undefined && saysMore(parts.choice)) rest['tool_choice'] = parts.choice;
  const thinking = objectOf(body['thinking']);
  if (thinking !== undefined && modeOf(thinking) === undefined) rest['thinking'] = thinking;
  return Object.keys(rest).length > 0 ? { 'anthropic-messages': rest } : undefined;
}

const SERIAL = 'disable_parallel_tool_use';
/** Members of a tool choice by its type. */
const CHOICES: Readonly<Record<string, ReadonlySet<string>>> = {
  auto: new Set(['type', SERIAL]),
  any: new Set(['type', SERIAL]),
  tool: new Set(['type', 'name', SERIAL]),
  none: new Set(['type']),
};

function saysMore(choice: JsonObject): boolean {
  const known = CHOICES[textOf(choice['type']) ?? ''];
  return known !== undefined && unknownMembers(choice, known) !== undefined;
}

function leadingSystem(value: Json | undefined): readonly Message[] {
  if (value === undefined || value === null) return [];
  return [{ role: 'system', audience: 'system', content: systemParts(value, 'system') }];
}

function maxTokens(body: JsonObject): number {
  const value = body['max_tokens'];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1) {
    throw new Refusal('max_tokens', 'present and a whole number of at least 1');
  }
  return value;
}

function stopSequences(value: Json | undefined): readonly string[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value) || !value.every((each) => typeof each === 'string'))
    throw new Refusal('stop_sequences', 'a list of strings');
  return value as readonly string[];
}

function toolChoice(choice: JsonObject): ToolChoice {
  const { type, name } = choice;
  if (type === 'auto' || type === 'none') return { type };
  if (type === 'any') return { type: 'required' };
  if (type === 'tool' && typeof name === 'string') return { type: 'tool', name };
  throw new Refusal('tool_choice.type', '`auto`, `any`, `none`, or `tool` with a `name`');
}

function outputFormat(format: JsonObject | undefined): OutputFormat | undefined {
  if (format === undefined) return undefined;
  const schema = objectOf(format['schema']);
  if (format['type'] !== 'json_schema' || schema === undefined) {
    throw new Refusal('output_config.format', 'an object with type `json_schema` and a `schema`');
  }
  const rest = unknownMembers(format, new Set(['type', 'schema']));
  return { type: 'json-schema', schema, ...(rest !== undefined && { extras: { 'anthropic-messages': rest } }) };
}

const MODES = { enabled: 'enabled', disabled: 'disabled', adaptive: 'adaptive' } as const;
const THINKING = new Set(['type', 'budget_tokens']);

/** How the model thinks, in words of ours; a mode that we have no word for is kept whole for its own format. */
function modeOf({ type }: JsonObject): ReasoningSettings['mode'] {
  if (typeof type !== 'string') throw new Refusal('thinking.type', 'a string such as `enabled` or `adaptive`');
  return Object.hasOwn(MODES, type) ? MODES[type as keyof typeof MODES] : undefined;
}

function reasoning(body: JsonObject, config: JsonObject | undefined): ReasoningSettings | undefined {
  const thinking = objectOf(wanted(body, 'thinking', 'object'));
  const effort = config && (wanted(config, 'effort', 'string', 'output_config.effort') as string | undefined);
  const mode = thinking && modeOf(thinking);
  // The empty extras mark the effort as Anthropic's own word, which goes back as it came.
  if (thinking === undefined || mode === undefined)
    return effort === undefined ? undefined : { effort, extras: { 'anthropic-messages': {} } };
  const budgetTokens = wanted(thinking, 'budget_tokens', 'number', 'thinking.budget_tokens') as number | undefined;
  const rest = unknownMembers(thinking, THINKING);
  return {
    mode,
    ...(budgetTokens !== undefined && { budgetTokens }),
    ...(effort !== undefined && { effort }),
    ...(rest !== undefined && { extras: { 'anthropic-messages': rest } }),
  };
}
