import type { Json, JsonObject } from '../../model/json.ts';
import type { FunctionTool, Tool, ToolChoice } from '../../model/tool.ts';
import type { Loss } from '../codec.ts';
import { compact, isObject, joined, objectOf, unknownMembers } from '../read.ts';
import { foreignExtras } from '../foreign-extras.ts';
import { breakpointOf, Refusal, wanted } from '../refusal.ts';

const FUNCTION = new Set(['name', 'description', 'parameters', 'strict']);
const TOOL = new Set(['type', 'function', 'cache_control']);

/** Reads `tools`, or the first form's `functions`. */
export function decodeTools(body: JsonObject): readonly Tool[] | undefined {
  const legacy = body['tools'] === undefined || body['tools'] === null;
  const name = legacy ? 'functions' : 'tools';
  const list = body[name];
  if (list === undefined || list === null) return undefined;
  if (!Array.isArray(list)) throw new Refusal(name, 'a list');
  return (list as readonly Json[]).map((each, index) => {
    const path = `${name}[${index}]`;
    if (!isObject(each)) throw new Refusal(path, 'an object');
    return legacy ? functionTool({ function: each }, path) : decodeTool(each, path);
  });
}

function decodeTool(wire: JsonObject, path: string): Tool {
  const type = wire['type'] ?? 'function';
  if (typeof type !== 'string') throw new Refusal(`${path}.type`, 'a string');
  return type === 'function'
    ? functionTool(wire, path)
    : { type: 'vendor', format: 'openai-chat', kind: type, value: wire };
}

function functionTool(wire: JsonObject, path: string): FunctionTool {
  const made = objectOf(wire['function']);
  if (made === undefined) throw new Refusal(`${path}.function`, 'an object with a `name`');
  const at = `${path}.function`;
  const name = wanted(made, 'name', 'string', `${at}.name`);
  if (typeof name !== 'string') throw new Refusal(`${at}.name`, 'a string');
  const description = wanted(made, 'description', 'string', `${at}.description`) as string | undefined;
  const inputSchema = wanted(made, 'parameters', 'object', `${at}.parameters`) as JsonObject | undefined;
  const strict = wanted(made, 'strict', 'boolean', `${at}.strict`) as boolean | undefined;
  const unknown = unknownMembers(made, FUNCTION);
  const rest = { ...unknownMembers(wire, TOOL), ...(unknown !== undefined && { function: unknown }) };
  return {
    type: 'function',
    name,
    ...(description !== undefined && { description }),
    ...(inputSchema !== undefined && { inputSchema }),
    ...(strict !== undefined && { strict }),
    ...breakpointOf(wire, path),
    ...(Object.keys(rest).length > 0 && { extras: { 'openai-chat': rest } }),
  };
}

/** Writes tools; those of another vendor cannot be carried. */
export function encodeTools(tools: readonly Tool[], cacheControl: boolean, losses: Loss[]): readonly Json[] {
  return tools.flatMap((tool, index): readonly Json[] => {
    const path = `tools[${index}]`;
    if (tool.type === 'vendor') {
      if (tool.format === 'openai-chat') return [tool.value];
      losses.push({ path, what: `vendor tool \`${tool.kind}\``, instead: 'dropped' });
      return [];
    }
    losses.push(...foreignExtras(tool.extras, 'openai-chat', path));
    if (tool.cacheControl !== undefined && !cacheControl)
      losses.push({ path: `${path}.cacheControl`, what: 'cache breakpoint', instead: 'dropped' });
    const made = { name: tool.name, description: tool.description, parameters: tool.inputSchema, strict: tool.strict };
    const wire = {
      type: 'function',
      function: compact(made),
      cache_control: cacheControl ? tool.cacheControl : undefined,
    };
    return [joined(compact(wire), tool.extras?.['openai-chat'])];
  });
}

/** Writes which tool may or must be used. */
export const encodeToolChoice = (choice: ToolChoice): Json =>
  choice.type === 'tool' ? { type: 'function', function: { name: choice.name } } : choice.type;
