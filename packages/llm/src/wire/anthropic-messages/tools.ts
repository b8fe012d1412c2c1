import type { Json, JsonObject } from '../../model/json.ts';
import type { FunctionTool, Tool, ToolChoice } from '../../model/tool.ts';
import type { Loss } from '../codec.ts';
import { compact, isObject, unknownMembers } from '../read.ts';
import { breakpointOf, Refusal, wanted } from '../refusal.ts';
import { foreignExtras } from '../foreign-extras.ts';

const TOOL = new Set(['type', 'name', 'description', 'input_schema', 'strict', 'cache_control']);

/** Reads `tools`; those with a type of their own are the vendor's. */
export function decodeTools(body: JsonObject): readonly Tool[] | undefined {
  const list = body['tools'];
  if (list === undefined || list === null) return undefined;
  if (!Array.isArray(list)) throw new Refusal('tools', 'a list');
  return (list as readonly Json[]).map((each, index) => {
    if (!isObject(each)) throw new Refusal(`tools[${index}]`, 'an object');
    return decodeTool(each, `tools[${index}]`);
  });
}

function decodeTool(wire: JsonObject, path: string): Tool {
  const type = wanted(wire, 'type', 'string', `${path}.type`) as string | undefined;
  if (type !== undefined && type !== 'custom')
    return { type: 'vendor', format: 'anthropic-messages', kind: type, value: wire };
  const name = wire['name'];
  if (typeof name !== 'string') throw new Refusal(`${path}.name`, 'a string');
  const description = wanted(wire, 'description', 'string', `${path}.description`) as string | undefined;
  const inputSchema = wanted(wire, 'input_schema', 'object', `${path}.input_schema`) as JsonObject | undefined;
  const strict = wanted(wire, 'strict', 'boolean', `${path}.strict`) as boolean | undefined;
  const rest = { ...unknownMembers(wire, TOOL), ...(type !== undefined && { type }) };
  return {
    type: 'function',
    name,
    ...(description !== undefined && { description }),
    ...(inputSchema !== undefined && { inputSchema }),
    ...(strict !== undefined && { strict }),
    ...breakpointOf(wire, path),
    ...(Object.keys(rest).length > 0 && { extras: { 'anthropic-messages': rest } }),
  };
}

const NO_ARGUMENTS = { type: 'object', properties: {} };

/** Writes tools; those of another vendor cannot be carried. */
export function encodeTools(tools: readonly Tool[], losses: Loss[]): readonly Json[] {
  return tools.flatMap((tool, index): readonly Json[] =>
    tool.type === 'vendor' ? vendorTool(tool, index, losses) : [functionTool(tool, index, losses)],
  );
}

function vendorTool(tool: Tool & { type: 'vendor' }, index: number, losses: Loss[]): readonly Json[] {
  if (tool.format === 'anthropic-messages') return [tool.value];
  losses.push({ path: `tools[${index}]`, what: `vendor tool \`${tool.kind}\``, instead: 'dropped' });
  return [];
}

function functionTool(tool: FunctionTool, index: number, losses: Loss[]): Json {
  losses.push(...foreignExtras(tool.extras, 'anthropic-messages', `tools[${index}]`));
  return compact({
    name: tool.name,
    description: tool.description,
    input_schema: tool.inputSchema ?? NO_ARGUMENTS,
    strict: tool.strict,
    cache_control: tool.cacheControl,
    ...tool.extras?.['anthropic-messages'],
  });
}

/** Writes the choice; parallel calls are switched off inside it. */
export function encodeToolChoice(choice: ToolChoice | undefined, parallel: boolean | undefined): Json | undefined {
  const serial = parallel === undefined ? {} : { disable_parallel_tool_use: !parallel };
  if (choice === undefined) return parallel === false ? { type: 'auto', ...serial } : undefined;
  if (choice.type === 'none') return { type: 'none' };
  if (choice.type === 'tool') return { type: 'tool', name: choice.name, ...serial };
  return { type: choice.type === 'required' ? 'any' : 'auto', ...serial };
}
