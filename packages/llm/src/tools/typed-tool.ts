import type { Json, JsonObject } from '../model/json.ts';
import type { Message } from '../model/message.ts';
import type { FunctionTool } from '../model/tool.ts';
import { issuesOf } from './check-value.ts';
import { checkBy, jsonSchemaOf, type Checked, type OutputOf, type StandardSchema } from './standard-schema.ts';

/** What a tool may know of the call that it runs for. */
export interface ToolContext {
  /** Aborted when nobody waits for the result any longer. */
  readonly signal: AbortSignal;
  readonly toolCallId: string;
  /** The conversation up to the answer that made the call. */
  readonly messages: readonly Message[];
}

/** A tool whose arguments are checked before it runs. Fits wherever a `FunctionTool` does. */
export interface TypedTool<Input = never, Output = unknown> extends FunctionTool {
  /** Checks the arguments; absent where only `inputSchema` is known. */
  readonly input?: StandardSchema;
  /** What it throws goes back to the model as an error, with the message of the error. */
  readonly run: (input: Input, context: ToolContext) => Output | Promise<Output>;
}

interface Described {
  readonly name: string;
  readonly description?: string;
  /** Whether the provider must hold the model to the schema; see `FunctionTool`. */
  readonly strict?: boolean;
}

/**
 * Makes a tool. `input` is a schema of any validator (https://standardschema.dev), from which the type of what `run` is
 * given follows. Validators that cannot say their schema as JSON Schema need `inputSchema` beside it; with `inputSchema`
 * alone, `run` is given an object of which only types, required members and lists of values were checked. Throws a
 * `TypeError` where there is no JSON Schema to tell the model.
 */
export function tool<Schema extends StandardSchema, Output>(
  definition: Described & {
    readonly input: Schema;
    readonly inputSchema?: JsonObject;
    readonly run: (input: OutputOf<Schema>, context: ToolContext) => Output | Promise<Output>;
  },
): TypedTool<OutputOf<Schema>, Output>;
export function tool<Output>(
  definition: Described & {
    readonly inputSchema?: JsonObject;
    readonly run: (input: JsonObject, context: ToolContext) => Output | Promise<Output>;
  },
): TypedTool<JsonObject, Output>;
export function tool(definition: Omit<TypedTool, 'type'>): TypedTool {
  const { input, name } = definition;
  const inputSchema = definition.inputSchema ?? (input === undefined ? NO_ARGUMENTS : jsonSchemaOf(input));
  if (inputSchema === undefined)
    throw new TypeError(
      `The schema of the tool ${name} cannot be said as JSON Schema. Give \`inputSchema\` beside it.`,
    );
  return { ...definition, type: 'function', inputSchema };
}

const NO_ARGUMENTS: JsonObject = { type: 'object', properties: {} };

/** The arguments as the tool wants them, or what the model should mend. */
export async function readArguments(tool: TypedTool, argumentsJson: string): Promise<Checked<never>> {
  const read = parsed(argumentsJson);
  if (read === undefined) return { ok: false, issues: ['the arguments are no JSON'] };
  // Checked: it is what its own schema says.
  if (tool.input !== undefined) return (await checkBy(tool.input, read)) as Checked<never>;
  const issues = issuesOf(tool.inputSchema ?? NO_ARGUMENTS, read);
  return issues.length === 0 ? { ok: true, value: read as never } : { ok: false, issues };
}

/** Models write nothing where there is nothing to say. */
function parsed(text: string): Json | undefined {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
