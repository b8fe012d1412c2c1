import type { FunctionTool, Tool } from '../../model/tool.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import { objectOf, textOf } from '../read.ts';
import { ownOf } from './own-extras.ts';

// A tool may stand in a namespace, and only there must its name be its own. Every other format knows one list of names:
// a name that is taken gets its namespace as a prefix, and a namespaced name that looks as if it had one gets it too,
// so that taking the prefix off gives the name back.

const prefixOf = (namespace: string): string => `${namespace}__`;
const keyOf = (namespace: string | undefined, name: string): string => JSON.stringify([namespace ?? null, name]);

/** The names that a request's tools have everywhere else, and which of them take plain text. */
export class ToolNames {
  readonly #names = new Map<string, string>();
  readonly #taken: Set<string>;
  readonly #custom = new Set<string>();

  /** `bare` are the names of tools in no namespace: they stay as they are. */
  constructor(bare: Iterable<string>) {
    this.#taken = new Set(bare);
  }

  /** Gives a tool its name. */
  add(namespace: string | undefined, name: string, custom: boolean): string {
    const prefixed = namespace !== undefined && (this.#taken.has(name) || name.startsWith(prefixOf(namespace)));
    const made = prefixed ? prefixOf(namespace) + name : name;
    this.#taken.add(made);
    this.#names.set(keyOf(namespace, name), made);
    if (custom) this.#custom.add(made);
    return made;
  }

  /** The name of a tool that is called or chosen; it need not be among the tools. */
  find(namespace: string | undefined, name: string): string {
    return this.#names.get(keyOf(namespace, name)) ?? modelName(name, namespace);
  }

  isCustom(name: string): boolean {
    return this.#custom.has(name);
  }
}

/** The name of a called tool where nothing is known of the others. */
export const modelName = (name: string, namespace: Json | undefined): string =>
  typeof namespace === 'string' && name.startsWith(prefixOf(namespace)) ? prefixOf(namespace) + name : name;

/** A tool's name as its namespace knows it. */
export function wireName(name: string, namespace: Json | undefined): string {
  const prefix = typeof namespace === 'string' ? prefixOf(namespace) : undefined;
  return prefix !== undefined && name.startsWith(prefix) ? name.slice(prefix.length) : name;
}

/** True for a tool that takes plain text. */
export const isCustom = ({ extras }: FunctionTool): boolean => ownOf(extras)['type'] === 'custom';

/** What a call of each tool must say beside its name: in which namespace the tool is, and whether it takes plain text. */
export type CallMembers = ReadonlyMap<string, JsonObject>;

/** The members of calls, by the name that the tool has everywhere else. */
export function callMembers(tools: readonly Tool[] = []): CallMembers {
  const members = new Map<string, JsonObject>();
  for (const tool of tools) {
    if (tool.type !== 'function') continue;
    const namespace = textOf(objectOf(ownOf(tool.extras)['namespace'])?.['name']);
    const custom = isCustom(tool);
    if (custom || namespace !== undefined)
      members.set(tool.name, { ...(custom && { type: CUSTOM_CALL }), ...(namespace !== undefined && { namespace }) });
  }
  return members;
}

/** The wire's name of a call of a custom tool. */
export const CUSTOM_CALL = 'custom_tool_call';
/** The wire's name of the result of such a call. */
export const CUSTOM_OUTPUT = 'custom_tool_call_output';
