import type { Json, JsonObject } from '../../model/json.ts';
import type { ToolChoice } from '../../model/tool.ts';
import { arrayOf, objectOf, unknownMembers } from '../read.ts';
import { Refusal, wanted } from '../refusal.ts';
import { spelled } from './spelling.ts';

const CALLING = 'functionCallingConfig';
const CONFIG = new Set([CALLING, 'retrievalConfig', 'includeServerSideToolInvocations']);
const CALLING_CONFIG = new Set(['mode', 'allowedFunctionNames', 'streamFunctionCallArguments']);
const PLAIN = new Set(['mode']);
const NAMED = new Set(['mode', 'allowedFunctionNames']);

/** Which tool may or must be used, and what `toolConfig` says beside it. */
export interface ToolConfig {
  readonly choice: ToolChoice | undefined;
  /** For this format; absent when the choice says it all. */
  readonly rest: JsonObject | undefined;
}

/** Modes, two-way. `VALIDATED` is `AUTO` that also holds arguments to their schemas. */
const MODES = [
  ['auto', 'AUTO'],
  ['none', 'NONE'],
  ['required', 'ANY'],
  ['auto', 'VALIDATED'],
] as const;

/** Reads `toolConfig`. */
export function decodeToolConfig(body: JsonObject): ToolConfig {
  const wire = objectOf(wanted(body, 'toolConfig', 'object'));
  if (wire === undefined) return { choice: undefined, rest: undefined };
  const { [CALLING]: calling, ...others } = spelled(wire, CONFIG);
  const said = objectOf(wanted({ [CALLING]: calling }, CALLING, 'object', `toolConfig.${CALLING}`));
  const { choice, rest } = decodeCalling(said && spelled(said, CALLING_CONFIG));
  const all = { ...others, ...(rest && { [CALLING]: rest }) };
  return { choice, rest: Object.keys(all).length > 0 ? all : undefined };
}

function decodeCalling(calling: JsonObject | undefined): ToolConfig {
  if (calling === undefined) return { choice: undefined, rest: undefined };
  const path = `toolConfig.${CALLING}`;
  const mode = (wanted(calling, 'mode', 'string', `${path}.mode`) as string | undefined)?.toUpperCase();
  const names = allowedNames(calling, path);
  const type = MODES.find(([, each]) => each === mode)?.[0];
  const choice: ToolChoice | undefined =
    type === 'required' && names.length === 1 ? { type: 'tool', name: names[0] as string } : type && { type };
  // One name or none is the choice itself; anything else is Gemini's own, and goes back whole.
  const isSaid = unknownMembers(calling, choice?.type === 'tool' ? NAMED : PLAIN) === undefined;
  return { choice, rest: isSaid && choice !== undefined && mode !== 'VALIDATED' ? undefined : calling };
}

function allowedNames(calling: JsonObject, path: string): readonly string[] {
  const names = calling['allowedFunctionNames'];
  if (names === undefined || names === null) return [];
  const list = arrayOf(names);
  if (!Array.isArray(names) || !list.every((each) => typeof each === 'string'))
    throw new Refusal(`${path}.allowedFunctionNames`, 'a list of strings');
  return list;
}

/** Writes the choice as `toolConfig`. */
export function encodeToolChoice(choice: ToolChoice): JsonObject {
  const calling: Json =
    choice.type === 'tool'
      ? { mode: 'ANY', allowedFunctionNames: [choice.name] }
      : { mode: MODES.find(([each]) => each === choice.type)?.[1] ?? 'AUTO' };
  return { [CALLING]: calling };
}
