import type { SeatLimits, UseLimits } from '@patchbay/llm/credentials/seat';
import type { Json, JsonObject } from '@patchbay/llm/model/json';
import { objectOf } from '@patchbay/llm/wire/read';

/** Members of written limits, and what they are here. */
const MEMBERS = [
  ['requests_per_minute', 'requestsPerMinute'],
  ['tokens_per_minute', 'tokensPerMinute'],
  ['requests_per_day', 'requestsPerDay'],
  ['tokens_per_day', 'tokensPerDay'],
] as const;

/**
 * The limits in an account's `metadata`; `undefined` where there are none. Rows are written by hand too: what is not a
 * whole number from 1 is no limit.
 */
export function readSeatLimits(written: Json | undefined): SeatLimits | undefined {
  const members = objectOf(written);
  if (members === undefined) return undefined;
  const ofModels = Object.entries(objectOf(members['models']) ?? {}).flatMap(([model, each]) => {
    const limits = useLimits(objectOf(each) ?? {});
    return limits === undefined ? [] : [[model, limits] as const];
  });
  const whole = useLimits(members);
  if (whole === undefined && ofModels.length === 0) return undefined;
  return { ...whole, ...(ofModels.length > 0 && { models: new Map(ofModels) }) };
}

function useLimits(members: JsonObject): UseLimits | undefined {
  const given = MEMBERS.flatMap(([name, ours]) => {
    const max = members[name];
    return typeof max === 'number' && Number.isSafeInteger(max) && max > 0 ? [[ours, max] as const] : [];
  });
  return given.length === 0 ? undefined : Object.fromEntries(given);
}
