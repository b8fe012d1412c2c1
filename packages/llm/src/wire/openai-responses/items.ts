import type { JsonObject } from '../../model/json.ts';
import type { ToolCallPart } from '../../model/part.ts';
import { inputOfArguments } from './custom-input.ts';
import { itemOf } from './own-extras.ts';
import { CUSTOM_CALL, wireName, type CallMembers } from './tool-names.ts';

/** What a call says beside id, name and arguments: as it came, or as its tool was offered. */
export const membersOfCall = (part: ToolCallPart, offered: CallMembers): JsonObject =>
  itemOf(part.extras) ?? offered.get(part.name) ?? {};

/** Writes a call as an item. A custom tool gets its text. */
export function encodeCall(part: ToolCallPart, members: JsonObject): JsonObject {
  const front = { call_id: part.id, name: wireName(part.name, members['namespace']) };
  if (members['type'] === CUSTOM_CALL) return { ...front, input: inputOfArguments(part.argumentsJson), ...members };
  return { type: 'function_call', ...front, arguments: part.argumentsJson, ...members };
}
