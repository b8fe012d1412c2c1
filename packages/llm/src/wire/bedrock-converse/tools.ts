import type { Json, JsonObject } from '../../model/json.ts';
import type { GenerationRequest } from '../../model/request.ts';
import type { FunctionTool, Tool, ToolChoice } from '../../model/tool.ts';
import type { Loss } from '../codec.ts';
import { foreignExtras } from '../foreign-extras.ts';
import { compact, joined } from '../read.ts';
import { withoutTools } from '../without-tools.ts';
import { encodeCachePoint } from './cache-point.ts';

const NO_ARGUMENTS = { type: 'object', properties: {} };

/** Writes `toolConfig`; none where nothing may be called. */
export function encodeToolConfig(request: GenerationRequest, losses: Loss[]): JsonObject | undefined {
  const { tools = [], toolChoice, parallelToolCalls } = request;
  const wire = tools.flatMap((tool, index) => encodeTool(tool, `tools[${index}]`, losses));
  if (wire.length === 0) {
    losses.push(...withoutTools(request));
    return undefined;
  }
  if (parallelToolCalls === false)
    losses.push({ path: 'parallelToolCalls', what: 'one call at a time', instead: 'dropped' });
  if (toolChoice?.type !== 'none') return compact({ tools: wire, toolChoice: encodeChoice(toolChoice) });
  // Converse has no word for "none", but models call nothing that they do not know of. Conversations with calls need
  // their tools all the same.
  const called = request.messages.some(({ content }) => content.some(({ type }) => type === 'tool-call'));
  losses.push({ path: 'toolChoice', what: 'a choice of no tool', instead: called ? 'dropped' : 'approximated' });
  if (called) return { tools: wire };
  losses.push({ path: 'tools', what: 'tools that may not be called', instead: 'dropped' });
  return undefined;
}

function encodeTool(tool: Tool, path: string, losses: Loss[]): readonly Json[] {
  if (tool.type === 'function')
    return [encodeFunction(tool, path, losses), ...encodeCachePoint(tool.cacheControl, path, losses)];
  if (tool.format === 'bedrock-converse') return [tool.value];
  losses.push({ path, what: `vendor tool \`${tool.kind}\``, instead: 'dropped' });
  return [];
}

function encodeFunction(tool: FunctionTool, path: string, losses: Loss[]): Json {
  losses.push(...foreignExtras(tool.extras, 'bedrock-converse', path));
  const toolSpec = compact({
    name: tool.name,
    // Amazon refuses an empty one.
    description: tool.description || undefined,
    inputSchema: { json: tool.inputSchema ?? NO_ARGUMENTS },
    strict: tool.strict,
  });
  return joined({ toolSpec }, tool.extras?.['bedrock-converse']);
}

function encodeChoice(choice: ToolChoice | undefined): JsonObject | undefined {
  if (choice === undefined) return undefined;
  if (choice.type === 'tool') return { tool: { name: choice.name } };
  return choice.type === 'required' ? { any: {} } : { auto: {} };
}
