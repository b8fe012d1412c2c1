import type { Json, JsonObject } from '../../model/json.ts';
import type { FunctionTool, Tool, VendorTool } from '../../model/tool.ts';
import type { Loss } from '../codec.ts';
import { foreignExtras } from '../foreign-extras.ts';
import { compact, isObject, objectOf, unknownMembers } from '../read.ts';
import { Refusal, required, wanted } from '../refusal.ts';
import { listOf } from './decode-messages.ts';
import type { GeminiDialect } from './dialect.ts';
import { schemaFromWire, schemaToWire } from './schema.ts';
import { camelCase, spelled } from './spelling.ts';

const FUNCTIONS = 'functionDeclarations';
const TOOL = new Set([FUNCTIONS]);
const DECLARED = new Set(['name', 'description', 'parameters', 'parametersJsonSchema']);
const DECLARATION = new Set([...DECLARED, 'response', 'responseJsonSchema', 'behavior']);

/** Reads `tools`: each function by itself, and each tool that Google runs under its own name. */
export function decodeTools(value: Json | undefined): readonly Tool[] | undefined {
  if (value === undefined || value === null) return undefined;
  return listOf(value, 'tools').flatMap((each, index) => decodeTool(spelled(each, TOOL), `tools[${index}]`));
}

function decodeTool(wire: JsonObject, path: string): readonly Tool[] {
  return Object.entries(wire).flatMap(([name, value]): readonly Tool[] => {
    if (value === undefined || value === null) return [];
    if (name !== FUNCTIONS)
      return [{ type: 'vendor', format: 'gemini', kind: camelCase(name), value: { [name]: value } }];
    const at = `${path}.${FUNCTIONS}`;
    return listOf(value, at).map((each, index) => decodeFunction(spelled(each, DECLARATION), `${at}[${index}]`));
  });
}

function decodeFunction(wire: JsonObject, path: string): FunctionTool {
  const name = required(wire, 'name', path);
  const description = wanted(wire, 'description', 'string', `${path}.description`) as string | undefined;
  const schema = objectOf(wanted(wire, 'parametersJsonSchema', 'object', `${path}.parametersJsonSchema`));
  const older = objectOf(wanted(wire, 'parameters', 'object', `${path}.parameters`));
  if (schema !== undefined && older !== undefined)
    throw new Refusal(`${path}.parameters`, 'absent where `parametersJsonSchema` is given');
  const inputSchema = schema ?? (older && schemaFromWire(older));
  // The older form goes back as it came; for other formats the schema made of it says the same.
  const rest = { ...unknownMembers(wire, DECLARED), ...(older && { parameters: older }) };
  return {
    type: 'function',
    name,
    ...(description !== undefined && { description }),
    ...(inputSchema !== undefined && { inputSchema }),
    ...(Object.keys(rest).length > 0 && { extras: { gemini: rest } }),
  };
}

/** Tools on the wire, and whether functions are among them. */
export interface EncodedTools {
  readonly tools: readonly Json[];
  readonly functions: boolean;
}

/** Writes tools: all functions together where the first stood; those of another vendor cannot be carried. */
export function encodeTools(tools: readonly Tool[], dialect: GeminiDialect, losses: Loss[]): EncodedTools {
  const wire: Json[] = [];
  const functions: Json[] = [];
  for (const [index, tool] of tools.entries()) {
    const path = `tools[${index}]`;
    if (tool.type === 'vendor') wire.push(...vendorTool(tool, path, losses));
    else {
      if (functions.length === 0) wire.push({ [FUNCTIONS]: functions });
      functions.push(encodeFunction(tool, path, { dialect, losses }));
    }
  }
  return { tools: wire, functions: functions.length > 0 };
}

function vendorTool(tool: VendorTool, path: string, losses: Loss[]): readonly Json[] {
  if (tool.format === 'gemini' && isObject(tool.value)) return [tool.value];
  losses.push({ path, what: `vendor tool \`${tool.kind}\``, instead: 'dropped' });
  return [];
}

function encodeFunction(
  tool: FunctionTool,
  path: string,
  { dialect, losses }: { readonly dialect: GeminiDialect; readonly losses: Loss[] },
): Json {
  losses.push(...foreignExtras(tool.extras, 'gemini', path));
  const lose = (name: string, what: string): void => {
    losses.push({ path: `${path}.${name}`, what, instead: 'dropped' });
  };
  if (tool.strict !== undefined) lose('strict', '`strict` of a function');
  if (tool.cacheControl !== undefined) lose('cacheControl', 'cache breakpoint');
  const { name, description, inputSchema } = tool;
  const own = tool.extras?.gemini;
  const isSaid = inputSchema === undefined || own?.['parameters'] !== undefined;
  if (isSaid) return compact({ name, description, ...own });
  const schema =
    dialect.jsonSchema === false ? { parameters: schemaToWire(inputSchema) } : { parametersJsonSchema: inputSchema };
  return compact({ name, description, ...schema, ...own });
}
