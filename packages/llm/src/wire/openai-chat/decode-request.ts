import type { Result } from '../../model/failure.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { GenerationRequest, OutputFormat } from '../../model/request.ts';
import type { ToolChoice } from '../../model/tool.ts';
import { objectOf, textOf, unknownMembers } from '../read.ts';
import { decodeMessages } from './decode-messages.ts';
import { decodeBody, Refusal, wanted } from '../refusal.ts';
import { decodeTools } from './tools.ts';

const KNOWN = new Set([
  'model',
  'messages',
  'tools',
  'functions',
  'tool_choice',
  'function_call',
  'parallel_tool_calls',
  'max_tokens',
  'max_completion_tokens',
  'temperature',
  'top_p',
  'top_k',
  'presence_penalty',
  'frequency_penalty',
  'seed',
  'stop',
  'response_format',
  'reasoning_effort',
  'n',
  'user',
  'stream',
  'stream_options',
]);

/** Reads a caller's request strictly: a wrong type is a failure that names its path. */
export const decodeRequest = (body: Json): Result<GenerationRequest> => decodeBody(body, decode);

function decode(body: JsonObject): GenerationRequest {
  const model = body['model'];
  if (typeof model !== 'string' || model === '') throw new Refusal('model', 'a non-empty string');
  const { top: extras, streamOptions } = extrasOf(body);
  const tools = decodeTools(body);
  const choice = toolChoice(body);
  const output = outputFormat(body['response_format']);
  const effort = wanted(body, 'reasoning_effort', 'string') as string | undefined;
  const stop = stopSequences(body['stop']);
  const request: { -readonly [Member in keyof GenerationRequest]?: GenerationRequest[Member] | undefined } = {
    model,
    messages: decodeMessages(body['messages']),
    tools,
    toolChoice: choice,
    parallelToolCalls: wanted(body, 'parallel_tool_calls', 'boolean') as boolean | undefined,
    maxOutputTokens: maxTokens(body),
    temperature: number(body, 'temperature'),
    topP: number(body, 'top_p'),
    topK: number(body, 'top_k'),
    presencePenalty: number(body, 'presence_penalty'),
    frequencyPenalty: number(body, 'frequency_penalty'),
    seed: number(body, 'seed'),
    stopSequences: stop,
    outputFormat: output,
    reasoning: effort === undefined ? undefined : { effort },
    candidateCount: number(body, 'n'),
    endUserId: wanted(body, 'user', 'string') as string | undefined,
    stream: wanted(body, 'stream', 'boolean') === true,
    streamUsage: streamOptions?.['include_usage'] === true,
    extras: extras === undefined ? undefined : { 'openai-chat': extras },
  };
  for (const name of Object.keys(request) as (keyof GenerationRequest)[])
    if (request[name] === undefined) delete request[name];
  return request as GenerationRequest;
}

/** Unknown members, the spellings of known ones that a re-encoding must keep, and what stands behind another. */
function extrasOf(body: JsonObject): { top: JsonObject | undefined; streamOptions: JsonObject | undefined } {
  const streamOptions = objectOf(wanted(body, 'stream_options', 'object'));
  const format = objectOf(body['response_format']) ?? {};
  const formatRest = unknownMembers(format, format['type'] === 'json_schema' ? WITH_SCHEMA : WITHOUT_SCHEMA);
  const rest: Record<string, Json | undefined> = { ...unknownMembers(body, KNOWN), ...outdone(body) };
  if (streamOptions !== undefined) rest['stream_options'] = streamOptions;
  if (formatRest !== undefined) rest['response_format'] = formatRest;
  for (const name of ['tool_choice', 'function_call']) {
    const choice = objectOf(body[name]);
    if (choice !== undefined && saysMore(choice)) rest[name] = choice;
  }
  return { top: Object.keys(rest).length > 0 ? rest : undefined, streamOptions };
}

const WITHOUT_SCHEMA = new Set(['type']);
const WITH_SCHEMA = new Set(['type', 'json_schema']);

/** Older spellings that say something else than the newer one beside them, which counts. */
function outdone(body: JsonObject): JsonObject {
  const given = (name: string): boolean => body[name] !== undefined && body[name] !== null;
  const pairs = [
    ['functions', 'tools'],
    ['function_call', 'tool_choice'],
    ['max_tokens', 'max_completion_tokens'],
  ] as const;
  const both = pairs.filter(([older, newer]) => given(older) && given(newer) && body[older] !== body[newer]);
  return Object.fromEntries(both.map(([older]) => [older, body[older]]));
}

const CHOICE = new Set(['type', 'function', 'name']);
const NAME = new Set(['name']);

/** True for a choice that is more than the name of a function. */
const saysMore = (choice: JsonObject): boolean =>
  (choice['type'] ?? 'function') !== 'function' ||
  unknownMembers(choice, CHOICE) !== undefined ||
  unknownMembers(objectOf(choice['function']) ?? {}, NAME) !== undefined;

const number = (body: JsonObject, name: string): number | undefined =>
  wanted(body, name, 'number') as number | undefined;

function maxTokens(body: JsonObject): number | undefined {
  const asked = number(body, 'max_completion_tokens') ?? number(body, 'max_tokens');
  if (asked !== undefined && (!Number.isInteger(asked) || asked < 1)) {
    throw new Refusal(
      body['max_completion_tokens'] === undefined ? 'max_tokens' : 'max_completion_tokens',
      'a whole number of at least 1',
    );
  }
  return asked;
}

function stopSequences(value: Json | undefined): readonly string[] | undefined {
  if (value === undefined || value === null) return undefined;
  const list = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(list) || !list.every((each) => typeof each === 'string'))
    throw new Refusal('stop', 'a string or a list of strings');
  return list as readonly string[];
}

function toolChoice(body: JsonObject): ToolChoice | undefined {
  const value = body['tool_choice'] ?? body['function_call'];
  if (value === undefined || value === null) return undefined;
  if (value === 'auto' || value === 'none' || value === 'required') return { type: value };
  const choice = objectOf(value) ?? {};
  const type = choice['type'] ?? 'function';
  const name = textOf(objectOf(choice['function'])?.['name']) ?? textOf(choice['name']);
  // Other kinds of choice have no canonical form: they are kept whole.
  if (typeof type === 'string' && type !== 'function') return undefined;
  if (type === 'function' && name !== undefined) return { type: 'tool', name };
  throw new Refusal('tool_choice', '`auto`, `none`, `required` or an object that names a function');
}

function outputFormat(value: Json | undefined): OutputFormat | undefined {
  if (value === undefined || value === null) return undefined;
  const type = objectOf(value)?.['type'];
  if (type === 'text') return { type: 'text' };
  if (type === 'json_object') return { type: 'json' };
  if (type !== 'json_schema') throw new Refusal('response_format.type', '`text`, `json_object` or `json_schema`');
  const wire = objectOf(objectOf(value)?.['json_schema']);
  if (wire === undefined) throw new Refusal('response_format.json_schema', 'an object with `name` and `schema`');
  const at = 'response_format.json_schema';
  const name = wanted(wire, 'name', 'string', `${at}.name`) as string | undefined;
  const description = wanted(wire, 'description', 'string', `${at}.description`) as string | undefined;
  const strict = wanted(wire, 'strict', 'boolean', `${at}.strict`) as boolean | undefined;
  const schema = objectOf(wanted(wire, 'schema', 'object', `${at}.schema`)) ?? {};
  const rest = unknownMembers(wire, new Set(['name', 'description', 'schema', 'strict']));
  return {
    type: 'json-schema',
    schema,
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(strict !== undefined && { strict }),
    ...(rest !== undefined && { extras: { 'openai-chat': rest } }),
  };
}
