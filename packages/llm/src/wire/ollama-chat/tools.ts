import type { Json, JsonObject } from '../../model/json.ts';
import type { GenerationRequest } from '../../model/request.ts';
import type { FunctionTool } from '../../model/tool.ts';
import type { Loss } from '../codec.ts';
import { foreignExtras } from '../foreign-extras.ts';
import { compact, joined } from '../read.ts';
import { withoutTools } from '../without-tools.ts';

const NO_ARGUMENTS = { type: 'object', properties: {} };

/** Writes `tools`. Ollama lets the model choose, always: who may call nothing is told of nothing. */
export function encodeTools(request: GenerationRequest, losses: Loss[]): readonly Json[] | undefined {
  const { tools = [], toolChoice, parallelToolCalls } = request;
  const wire = tools.flatMap((tool, index): readonly Json[] => {
    const path = `tools[${index}]`;
    if (tool.type === 'function') return [encodeFunction(tool, path, losses)];
    if (tool.format === 'ollama-chat') return [tool.value];
    losses.push({ path, what: `vendor tool \`${tool.kind}\``, instead: 'dropped' });
    return [];
  });
  if (wire.length === 0) {
    losses.push(...withoutTools(request));
    return undefined;
  }
  if (parallelToolCalls === false)
    losses.push({ path: 'parallelToolCalls', what: 'one call at a time', instead: 'dropped' });
  if (toolChoice === undefined || toolChoice.type === 'auto') return wire;
  const none = toolChoice.type === 'none';
  losses.push({ path: 'toolChoice', what: 'a choice of tools', instead: none ? 'approximated' : 'dropped' });
  if (!none) return wire;
  losses.push({ path: 'tools', what: 'tools that may not be called', instead: 'dropped' });
  return undefined;
}

function encodeFunction(tool: FunctionTool, path: string, losses: Loss[]): JsonObject {
  losses.push(...foreignExtras(tool.extras, 'ollama-chat', path));
  if (tool.strict === true) losses.push({ path: `${path}.strict`, what: '`strict` of a tool', instead: 'dropped' });
  if (tool.cacheControl !== undefined)
    losses.push({ path: `${path}.cacheControl`, what: 'cache breakpoint', instead: 'dropped' });
  const { name, description, inputSchema = NO_ARGUMENTS } = tool;
  const wire = { type: 'function', function: compact({ name, description, parameters: inputSchema }) };
  return joined(wire, tool.extras?.['ollama-chat']);
}
