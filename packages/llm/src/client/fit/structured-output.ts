import type { JsonObject } from '../../model/json.ts';
import type { SystemMessage } from '../../model/message.ts';
import type { GenerationRequest, OutputFormat } from '../../model/request.ts';
import type { FunctionTool, ToolChoice } from '../../model/tool.ts';
import { compileSchema } from '../../tools/schema/compile-schema.ts';
import type { SchemaTarget } from '../../tools/schema/targets.ts';
import type { Loss } from '../../wire/codec.ts';
import { ANSWER_TOOL } from './answer-tool.ts';
import type { Step } from './fit-request.ts';
import type { KnownTarget, SchemaWay } from './fit-target.ts';

type SchemaFormat = OutputFormat & { readonly type: 'json-schema' };

/** A request whose answer has its shape, and whether that comes as a call. */
export interface ShapedRequest extends Step {
  readonly answersByTool: boolean;
}

/**
 * Asks for the answer's shape in the way that its target has. `native`: the format's own member. `forced-tool`: a tool
 * whose arguments are the answer, and the model must call one. `json-mode`: JSON of any shape, with the schema as an
 * instruction.
 */
export function fitOutput(request: GenerationRequest, target: KnownTarget): ShapedRequest {
  const { outputFormat: format } = request;
  if (format?.type === 'json' && !target.rules.jsonMode) return byInstruction(request, undefined, 'json mode');
  if (format?.type !== 'json-schema') return { request, losses: [], answersByTool: false };
  return WAYS[wayFor(request, target)](request, format, target);
}

/** Gemini from before thinking levels refuses a shape of the answer beside functions. */
function wayFor({ tools = [] }: GenerationRequest, { rules, format, byBudget }: KnownTarget): SchemaWay {
  const calls = tools.some(({ type }) => type === 'function');
  return format === 'gemini' && byBudget && calls ? 'forced-tool' : rules.answerSchema;
}

type Way = (request: GenerationRequest, format: SchemaFormat, target: KnownTarget) => ShapedRequest;

const WAYS: Readonly<Record<SchemaWay, Way>> = {
  native: (request, format, target) => {
    const { outputFormat, losses } = nativeFormat(format, target);
    return { request: { ...request, outputFormat }, losses, answersByTool: false };
  },
  'forced-tool': byTool,
  'json-mode': (request, format) => {
    const made = byInstruction(request, format, 'schema of the answer, sent as an instruction');
    return { ...made, request: { ...made.request, outputFormat: { type: 'json' } } };
  },
};

function nativeFormat(
  format: SchemaFormat,
  target: KnownTarget,
): { readonly outputFormat: SchemaFormat; readonly losses: readonly Loss[] } {
  const path = 'outputFormat.schema';
  if (target.format === 'openai-chat' || target.format === 'openai-responses') return forOpenAi(format, path);
  if (format.extras?.[target.format] !== undefined) return { outputFormat: format, losses: [] };
  const { schema, losses } = compileSchema(format.schema, wordsOf(target), { path });
  // These hold every answer to its schema, as `strict` asks, and a name changes nothing about an answer: neither is lost
  // where nobody could tell the difference. Only Amazon has a place for a name and a description.
  const { strict: _strict, name, description, ...rest } = format;
  if (target.format === 'bedrock-converse')
    return { outputFormat: compactFormat({ ...rest, schema }, name, description), losses };
  if (description === undefined) return { outputFormat: { ...rest, schema }, losses };
  const told = schema['description'] === undefined ? { ...schema, description } : schema;
  const instead = told === schema ? 'dropped' : 'moved';
  const lost: Loss = { path: 'outputFormat.description', what: 'description of a schema', instead };
  return { outputFormat: { ...rest, schema: told }, losses: [...losses, lost] };
}

const compactFormat = (format: SchemaFormat, name?: string, description?: string): SchemaFormat => ({
  ...format,
  ...(name !== undefined && { name }),
  ...(description !== undefined && { description }),
});

function wordsOf({ format, olderSchemas }: KnownTarget): SchemaTarget {
  if (format === 'anthropic-messages' || format === 'bedrock-converse') return 'anthropic-strict';
  return olderSchemas ? 'gemini' : 'plain';
}

/** Callers of other formats expect the schema to be kept: it is made strict wherever that loses nothing. */
function forOpenAi(format: SchemaFormat, path: string): ReturnType<typeof nativeFormat> {
  if (format.strict === false) return { outputFormat: format, losses: [] };
  const { schema, losses } = compileSchema(format.schema, 'openai-strict', { path });
  if (format.strict === true) return { outputFormat: { ...format, schema }, losses };
  return { outputFormat: losses.length === 0 ? { ...format, schema, strict: true } : format, losses: [] };
}

/** A tool takes the answer; a conversation that forces a call of its own has no answer to shape. */
function byTool(request: GenerationRequest, format: SchemaFormat): ShapedRequest {
  const { outputFormat: _, ...rest } = request;
  const { tools = [], toolChoice } = request;
  const path = 'outputFormat';
  if (toolChoice?.type === 'tool' || toolChoice?.type === 'required') {
    const lost: Loss = { path, what: 'shape of an answer that must be a call', instead: 'dropped' };
    return { request: rest, losses: [lost], answersByTool: false };
  }
  // What a function takes is an object.
  if (format.schema['type'] !== 'object') return byInstruction(rest, format, 'schema of an answer that is no object');
  const isAlone = toolChoice?.type === 'none' || tools.every(({ type }) => type !== 'function');
  const choice: ToolChoice = isAlone ? { type: 'tool', name: ANSWER_TOOL } : { type: 'required' };
  return {
    request: { ...rest, tools: [...tools, answerTool(format)], toolChoice: choice },
    losses: [{ path, what: 'schema of the answer, sent as a tool', instead: 'approximated' }],
    answersByTool: true,
  };
}

const answerTool = ({ schema, description }: SchemaFormat): FunctionTool => ({
  type: 'function',
  name: ANSWER_TOOL,
  description: description ?? 'Gives the final answer.',
  inputSchema: schema,
});

/** Instructions behind those at the start: where a conversation has none, they are its first. */
function byInstruction(request: GenerationRequest, format: SchemaFormat | undefined, what: string): ShapedRequest {
  const { outputFormat: _, ...rest } = request;
  const first = request.messages.findIndex(({ role }) => role !== 'system');
  const start = first < 0 ? request.messages.length : first;
  const messages = request.messages.toSpliced(start, 0, instruction(format?.schema));
  return {
    request: { ...rest, messages },
    losses: [{ path: 'outputFormat', what, instead: 'approximated' }],
    answersByTool: false,
  };
}

const instruction = (schema: JsonObject | undefined): SystemMessage => ({
  role: 'system',
  audience: 'system',
  content: [{ type: 'text', text: schema === undefined ? JSON_ONLY : `${BY_SCHEMA}\n${JSON.stringify(schema)}` }],
});

const JSON_ONLY = 'Answer with one JSON object and nothing else: no words around it and no code fence.';
const BY_SCHEMA = `${JSON_ONLY} It must be valid against this JSON Schema:`;
