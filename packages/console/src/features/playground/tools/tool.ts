import { objectIn, schemaFault } from './schema-fault.ts';

/** A tool that models may call, as it is written. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of its arguments. */
  readonly schema: string;
}

/** A tool as dialects want it. */
export interface DeclaredTool {
  readonly name: string;
  readonly description: string;
  readonly parameters: object;
}

/** What one begins to write from. */
export const NEW_TOOL: Tool = {
  name: '',
  description: '',
  schema: JSON.stringify(
    { type: 'object', properties: { city: { type: 'string', description: 'Such as Lisbon.' } }, required: ['city'] },
    null,
    2,
  ),
};

/** The name that all dialects take. */
const NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;

/** What is wrong with a tool, by field. `others`: names that are taken. */
export function toolFaults(tool: Tool, others: readonly string[]): Readonly<Partial<Record<keyof Tool, string>>> {
  const fault = schemaFault(tool.schema);
  return {
    ...(!NAME.test(tool.name) && { name: 'A letter first, then letters, digits, “_” and “-”; 64 at most.' }),
    ...(others.includes(tool.name) && { name: 'Another tool has this name.' }),
    ...(fault !== undefined && { schema: fault }),
  };
}

/** The tools as they are sent. */
export const declared = (tools: readonly Tool[]): readonly DeclaredTool[] =>
  tools.map(({ name, description, schema }) => ({
    name,
    description,
    parameters: objectIn(schema) ?? { type: 'object' },
  }));
