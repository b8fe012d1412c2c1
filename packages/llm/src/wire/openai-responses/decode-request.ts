import type { Result } from '../../model/failure.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { GenerationRequest, OutputFormat, ReasoningSettings } from '../../model/request.ts';
import { objectOf, unknownMembers } from '../read.ts';
import { decodeBody, Refusal, wanted } from '../refusal.ts';
import { decodeMessages } from './decode-messages.ts';
import { OWN, withOwn } from './own-extras.ts';
import { decodeToolChoice, decodeTools } from './tools.ts';

const KNOWN = new Set([
  'model',
  'input',
  'instructions',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'max_output_tokens',
  'temperature',
  'top_p',
  'text',
  'reasoning',
  'user',
  'stream',
]);

/** Reads a caller's request strictly: a wrong type is a failure that names its path. */
export const decodeRequest = (body: Json): Result<GenerationRequest> => decodeBody(body, decode);

function decode(body: JsonObject): GenerationRequest {
  const { model } = body;
  if (typeof model !== 'string' || model === '') throw new Refusal('model', 'a non-empty string');
  const { tools, names } = decodeTools(body);
  const { choice, whole } = decodeToolChoice(body['tool_choice'], names);
  const text = objectOf(wanted(body, 'text', 'object'));
  const number = (name: string): number | undefined => wanted(body, name, 'number') as number | undefined;
  const said = {
    tools,
    toolChoice: choice,
    parallelToolCalls: wanted(body, 'parallel_tool_calls', 'boolean') as boolean | undefined,
    maxOutputTokens: maxTokens(number('max_output_tokens')),
    temperature: number('temperature'),
    topP: number('top_p'),
    outputFormat: text && outputFormat(text['format']),
    reasoning: reasoning(objectOf(wanted(body, 'reasoning', 'object'))),
    endUserId: wanted(body, 'user', 'string') as string | undefined,
  };
  return {
    model,
    messages: decodeMessages(body, names),
    // Every value has the type of its member, or is not said.
    ...(Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) as object),
    stream: wanted(body, 'stream', 'boolean') === true,
    streamUsage: true,
    // Even without members these say in which format the request came: what it leaves out is up to the vendor.
    extras: { [OWN]: { ...unknownMembers(body, KNOWN), ...textRest(text), ...(whole && { tool_choice: whole }) } },
  };
}

const TEXT = new Set(['format']);

/** What the model does not name of `text`; an empty one is kept where it says nothing else. */
function textRest(text: JsonObject | undefined): JsonObject {
  if (text === undefined) return {};
  const rest = unknownMembers(text, TEXT) ?? {};
  const format = objectOf(text['format']);
  const inner = format && unknownMembers(format, format['type'] === 'json_schema' ? SCHEMA : TYPE);
  const beside = format?.['type'] === 'json_schema' ? undefined : inner;
  const says = Object.keys(rest).length > 0 || format === undefined || beside !== undefined;
  return says ? { text: { ...rest, ...(beside !== undefined && { format: beside }) } } : {};
}

function maxTokens(asked: number | undefined): number | undefined {
  if (asked !== undefined && (!Number.isInteger(asked) || asked < 1))
    throw new Refusal('max_output_tokens', 'a whole number of at least 1');
  return asked;
}

const TYPE = new Set(['type']);
const SCHEMA = new Set(['type', 'name', 'description', 'schema', 'strict']);

function outputFormat(value: Json | undefined): OutputFormat | undefined {
  if (value === undefined || value === null) return undefined;
  const format = objectOf(value);
  if (format?.['type'] === 'text') return { type: 'text' };
  if (format?.['type'] === 'json_object') return { type: 'json' };
  if (format?.['type'] !== 'json_schema')
    throw new Refusal('text.format.type', '`text`, `json_object` or `json_schema`');
  const read = (name: string, type: 'string' | 'boolean' | 'object'): Json | undefined =>
    wanted(format, name, type, `text.format.${name}`);
  const schema = objectOf(read('schema', 'object'));
  if (schema === undefined) throw new Refusal('text.format.schema', 'an object');
  const [name, description, strict] = [
    read('name', 'string'),
    read('description', 'string'),
    read('strict', 'boolean'),
  ];
  return {
    type: 'json-schema',
    schema,
    ...(typeof name === 'string' && { name }),
    ...(typeof description === 'string' && { description }),
    ...(typeof strict === 'boolean' && { strict }),
    ...withOwn(unknownMembers(format, SCHEMA) ?? {}),
  };
}

const REASONING = new Set(['effort']);

function reasoning(wire: JsonObject | undefined): ReasoningSettings | undefined {
  if (wire === undefined) return undefined;
  const effort = wanted(wire, 'effort', 'string', 'reasoning.effort') as string | undefined;
  const rest = unknownMembers(wire, REASONING);
  // An empty setting is kept as one.
  const extras = rest !== undefined || effort === undefined ? { extras: { [OWN]: rest ?? {} } } : {};
  return { ...(effort !== undefined && { effort }), ...extras };
}
