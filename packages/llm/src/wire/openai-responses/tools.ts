import type { Json, JsonObject } from '../../model/json.ts';
import type { FunctionTool, Tool, ToolChoice } from '../../model/tool.ts';
import type { Loss } from '../codec.ts';
import { foreignExtras } from '../foreign-extras.ts';
import { arrayOf, compact, isObject, numberOf, objectOf, textOf, unknownMembers } from '../read.ts';
import { breakpointOf, Refusal, required, wanted } from '../refusal.ts';
import { customSchema } from './custom-input.ts';
import { OWN, ownOf, withOwn } from './own-extras.ts';
import { isCustom, ToolNames, wireName } from './tool-names.ts';

/** The item of the input that offers further tools; the newest clients put all of theirs there. */
export const ADDITIONAL = 'additional_tools';

/** A request's tools wherever they stand, and their names. */
export interface DecodedTools {
  readonly tools: readonly Tool[] | undefined;
  readonly names: ToolNames;
}

/** Where a tool stood: kept on the tool, so that it goes back there. */
interface Place {
  /** The item of the input, without its tools: `at` is its place among the items. */
  readonly additional?: JsonObject;
  readonly namespace?: JsonObject;
}

interface Listed {
  readonly list: readonly Json[];
  readonly path: string;
  readonly place: Place;
}

const ADDITIONAL_KNOWN = new Set(['type', 'tools']);

/** Reads `tools` and the tools that items of the input offer. */
export function decodeTools(body: JsonObject): DecodedTools {
  const top = body['tools'];
  if (top !== undefined && top !== null && !Array.isArray(top)) throw new Refusal('tools', 'a list');
  const lists: Listed[] = [{ list: arrayOf(top), path: 'tools', place: {} }];
  for (const [at, each] of arrayOf(body['input']).entries()) {
    if (!isObject(each) || each['type'] !== ADDITIONAL) continue;
    const additional = { ...unknownMembers(each, ADDITIONAL_KNOWN), at };
    lists.push({ list: arrayOf(each['tools']), path: `input[${at}].tools`, place: { additional } });
  }
  const names = new ToolNames(lists.flatMap(({ list }) => list.flatMap(bareName)));
  const tools = lists.flatMap(({ list, path, place }) =>
    list.flatMap((each, index) => decodeTool(each, `${path}[${index}]`, { place, names })),
  );
  return { tools: Array.isArray(top) || tools.length > 0 ? tools : undefined, names };
}

const bareName = (tool: Json): readonly string[] =>
  isObject(tool) && tool['type'] !== 'namespace' && typeof tool['name'] === 'string' ? [tool['name']] : [];

interface Reading {
  readonly place: Place;
  readonly names: ToolNames;
}

const NAMESPACE_KNOWN = new Set(['type', 'tools']);

/** A tool, or all tools of a namespace; those that the vendor runs stay whole. */
function decodeTool(wire: Json, path: string, { place, names }: Reading): readonly Tool[] {
  if (!isObject(wire)) throw new Refusal(path, 'an object');
  const type = wire['type'] ?? 'function';
  if (typeof type !== 'string') throw new Refusal(`${path}.type`, 'a string such as `function`');
  if (type === 'function' || type === 'custom') return [ownTool(wire, path, { place, names })];
  const inner = type === 'namespace' && place.namespace === undefined ? arrayOf(wire['tools']) : [];
  if (inner.length === 0) return [{ type: 'vendor', format: OWN, kind: type, value: wire, ...withOwn({ ...place }) }];
  const namespace = { ...unknownMembers(wire, NAMESPACE_KNOWN), name: required(wire, 'name', path) };
  const reading = { place: { ...place, namespace }, names };
  return inner.flatMap((each, index) => decodeTool(each, `${path}.tools[${index}]`, reading));
}

const FUNCTION = new Set(['type', 'name', 'description', 'parameters', 'strict', 'cache_control']);
const CUSTOM = new Set(['name', 'description', 'cache_control']);

/** A tool that the caller runs: a function, or one that takes plain text and is a function everywhere else. */
function ownTool(wire: JsonObject, path: string, { place, names }: Reading): FunctionTool {
  const custom = wire['type'] === 'custom';
  const name = names.add(textOf(place.namespace?.['name']), required(wire, 'name', path), custom);
  const description = wanted(wire, 'description', 'string', `${path}.description`) as string | undefined;
  const said = custom ? { inputSchema: customSchema(wire['format']) } : settings(wire, path);
  // Some clients say with null what happens without these; the vendor's own default for one of them is not ours.
  const nulls = custom ? [] : ['parameters', 'strict'].filter((each) => wire[each] === null);
  const rest = {
    ...unknownMembers(wire, custom ? CUSTOM : FUNCTION),
    ...Object.fromEntries(nulls.map((each) => [each, null])),
    ...place,
  };
  return {
    type: 'function',
    name,
    ...(description !== undefined && { description }),
    ...said,
    ...breakpointOf(wire, path),
    ...withOwn(rest),
  };
}

function settings(wire: JsonObject, path: string): Pick<FunctionTool, 'inputSchema' | 'strict'> {
  const inputSchema = wanted(wire, 'parameters', 'object', `${path}.parameters`) as JsonObject | undefined;
  const strict = wanted(wire, 'strict', 'boolean', `${path}.strict`) as boolean | undefined;
  return { ...(inputSchema !== undefined && { inputSchema }), ...(strict !== undefined && { strict }) };
}

/** What writing tools needs to know. */
export interface ToolWriting {
  /** Whether the request came in this format: then nothing is said that its caller left to the vendor. */
  readonly own: boolean;
  readonly cacheControl: boolean;
  readonly losses: Loss[];
}

/** Tools on the wire: those of the request, and items of the input that offer further ones. */
export interface EncodedTools {
  readonly tools: readonly Json[];
  readonly additional: readonly { readonly at: number; readonly item: JsonObject }[];
}

/** Tools that stand in one place, and the namespace that the last of them is in. */
interface Standing {
  readonly members: JsonObject;
  readonly tools: Json[];
  open: { readonly name: Json | undefined; readonly tools: Json[] } | undefined;
}

/** Writes tools, each to its place; those of another vendor cannot be carried. */
export function encodeTools(tools: readonly Tool[], writing: ToolWriting): EncodedTools {
  const places = new Map<number | undefined, Standing>();
  for (const [index, tool] of tools.entries()) {
    const wire = encodeTool(tool, `tools[${index}]`, writing);
    if (wire === undefined) continue;
    const { at, ...members } = objectOf(ownOf(tool.extras)['additional']) ?? {};
    const standing = places.get(numberOf(at)) ?? { members, tools: [], open: undefined };
    places.set(numberOf(at), standing);
    addTool(standing, wire, objectOf(ownOf(tool.extras)['namespace']));
  }
  const additional = [...places].flatMap(([at, { members, tools: list }]) =>
    at === undefined ? [] : [{ at, item: { type: ADDITIONAL, role: 'developer', ...members, tools: list } }],
  );
  return { tools: places.get(undefined)?.tools ?? [], additional: additional.sort((a, b) => a.at - b.at) };
}

function addTool(standing: Standing, wire: Json, namespace: JsonObject | undefined): void {
  if (namespace === undefined) {
    standing.open = undefined;
    standing.tools.push(wire);
  } else if (standing.open !== undefined && standing.open.name === namespace['name']) standing.open.tools.push(wire);
  else {
    standing.open = { name: namespace['name'], tools: [wire] };
    standing.tools.push({ type: 'namespace', ...namespace, tools: standing.open.tools });
  }
}

const NO_ARGUMENTS = { type: 'object', properties: {} };

function encodeTool(tool: Tool, path: string, { own, cacheControl, losses }: ToolWriting): Json | undefined {
  if (tool.type === 'vendor') {
    if (tool.format === OWN) return tool.value;
    losses.push({ path, what: `vendor tool \`${tool.kind}\``, instead: 'dropped' });
    return undefined;
  }
  losses.push(...foreignExtras(tool.extras, OWN, path));
  if (tool.cacheControl !== undefined && !cacheControl)
    losses.push({ path: `${path}.cacheControl`, what: 'cache breakpoint', instead: 'dropped' });
  const { additional: _, namespace, ...rest } = ownOf(tool.extras);
  const name = wireName(tool.name, objectOf(namespace)?.['name']);
  const breakpoint = cacheControl ? tool.cacheControl : undefined;
  const shared = { name, description: tool.description, cache_control: breakpoint };
  if (isCustom(tool)) return compact({ ...shared, ...rest });
  // Left out, `strict` means true here and false everywhere else.
  const { inputSchema = own ? undefined : NO_ARGUMENTS, strict = own ? undefined : false } = tool;
  return compact({ type: 'function', ...shared, parameters: inputSchema, strict, ...rest });
}

const CHOICE = new Set(['type', 'name']);

/** Reads `tool_choice`; `whole` where it says what no other format can. */
export function decodeToolChoice(
  value: Json | undefined,
  names: ToolNames,
): { readonly choice?: ToolChoice; readonly whole?: JsonObject } {
  if (value === undefined || value === null) return {};
  if (value === 'auto' || value === 'none' || value === 'required') return { choice: { type: value } };
  const wire = objectOf(value);
  if (typeof wire?.['type'] !== 'string')
    throw new Refusal('tool_choice', '`auto`, `none`, `required` or an object with a `type`');
  const { type, name } = wire;
  if (type !== 'function' && type !== 'custom') return { whole: wire };
  if (typeof name !== 'string') throw new Refusal('tool_choice.name', 'the name of a tool');
  const found = names.find(textOf(wire['namespace']), name);
  const says = unknownMembers(wire, CHOICE) !== undefined || names.isCustom(found) !== (type === 'custom');
  return { choice: { type: 'tool', name: found }, ...(says && { whole: wire }) };
}

/** Writes which tool may or must be used. */
export function encodeToolChoice(choice: ToolChoice, tools: readonly Tool[]): Json {
  if (choice.type !== 'tool') return choice.type;
  const tool = tools.find((each) => each.type === 'function' && each.name === choice.name);
  if (tool?.type !== 'function') return { type: 'function', name: choice.name };
  const name = wireName(choice.name, objectOf(ownOf(tool.extras)['namespace'])?.['name']);
  return { type: isCustom(tool) ? 'custom' : 'function', name };
}
