import type { JsonObject } from '../../model/json.ts';
import type { GenerationRequest } from '../../model/request.ts';
import type { FunctionTool, Tool } from '../../model/tool.ts';
import { compileSchema } from '../../tools/schema/compile-schema.ts';
import type { SchemaTarget } from '../../tools/schema/targets.ts';
import type { Loss } from '../../wire/codec.ts';
import type { Step } from './fit-request.ts';
import type { KnownTarget } from './fit-target.ts';

/** Puts what functions take into words of the target; a request whose schemas all fit stays the same object. */
export function fitToolSchemas(request: GenerationRequest, target: KnownTarget): Step {
  const { tools } = request;
  if (tools === undefined) return { request, losses: [] };
  const losses: Loss[] = [];
  const made = tools.map((tool, index) => fitTool(tool, `tools[${index}]`, { target, losses }));
  return made.every((tool, index) => tool === tools[index])
    ? { request, losses }
    : { request: { ...request, tools: made }, losses };
}

interface Fitting {
  readonly target: KnownTarget;
  readonly losses: Loss[];
}

function fitTool(tool: Tool, path: string, fitting: Fitting): Tool {
  const { target, losses } = fitting;
  if (tool.type !== 'function') return tool;
  const words = tool.inputSchema === undefined ? undefined : wordsFor(tool, tool.inputSchema, target);
  if (words === undefined || tool.inputSchema === undefined) return tool;
  const compiled = compileSchema(tool.inputSchema, words, { path: `${path}.inputSchema`, root: 'object' });
  losses.push(...compiled.losses);
  return { ...tool, inputSchema: compiled.schema };
}

/** What a schema must be compiled to; `undefined` where it may stay as its caller wrote it. */
function wordsFor(tool: FunctionTool, schema: JsonObject, target: KnownTarget): SchemaTarget | undefined {
  const own = tool.extras?.[target.format];
  // In Google's older form the caller's own schema goes back as it came.
  if (own?.['parameters'] !== undefined) return undefined;
  if (target.olderSchemas) return 'gemini';
  if (tool.strict === true) {
    if (target.format === 'openai-chat' || target.format === 'openai-responses') return 'openai-strict';
    if (target.format === 'anthropic-messages') return 'anthropic-strict';
  }
  return target.rules.plainSchemas || !isPlainObject(schema) ? 'plain' : undefined;
}

/** Words that vendors refuse in the outermost schema of a function. */
const UNIONS = ['anyOf', 'oneOf', 'allOf', '$ref', 'enum', 'not'] as const;

const isPlainObject = (schema: JsonObject): boolean =>
  schema['type'] === 'object' && UNIONS.every((word) => schema[word] === undefined);
