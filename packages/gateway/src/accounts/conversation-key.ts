import { hashOfText } from '@patchbay/llm/credentials/rotation';
import type { Json, JsonObject } from '@patchbay/llm/model/json';

/** More of a beginning tells no more conversations apart. */
const PREFIX_MAX = 65_536;

/** Where each dialect says what stands before the first words of the user. */
const BEFORE = ['system', 'instructions', 'systemInstruction', 'system_instruction'] as const;
const TURNS = ['messages', 'contents', 'input'] as const;

/**
 * A number of 32 bits for a conversation: the same for each of its turns, because it is made of what they all begin
 * with, the instructions and the user's first words. `undefined` where the request has none.
 */
export function conversationKey(body: JsonObject): number | undefined {
  const turns = TURNS.map((name) => body[name]).find((each) => each !== undefined);
  if (turns === undefined) return undefined;
  const prefix = [...BEFORE.map((name) => body[name] ?? null), ...opening(turns)];
  return hashOfText(JSON.stringify(prefix).slice(0, PREFIX_MAX));
}

/** Everything up to the user's first words. */
function opening(turns: Json): readonly Json[] {
  if (!Array.isArray(turns)) return [turns];
  const first = turns.findIndex(isUsers);
  return turns.slice(0, first + 1);
}

function isUsers(turn: Json): boolean {
  if (typeof turn !== 'object' || turn === null || Array.isArray(turn)) return true;
  const { role } = turn as { readonly role?: Json };
  return role === undefined || role === 'user';
}
