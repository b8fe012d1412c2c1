import { WINDOWS } from './windows.lua.ts';

/**
 * Counts what a call did use in the place of what it had reserved. Arguments: the plan it was reserved with and the plan
 * of what it did use, as JSON. What is more counts in the part of now, what is less in the part of then.
 */
export const SETTLE = `${WINDOWS}
local reserved, actual = cjson.decode(ARGV[1]), cjson.decode(ARGV[2])
for at, scope in ipairs(actual.scopes) do
  local before = reserved.scopes[at]
  local held = redis.call('ZREM', before.leases, before.lease) == 1
  for index, limit in ipairs(scope.limits) do
    local was = before.limits[index]
    local more = limit.amount - (held and was.amount or 0)
    if more > 0 then count(limit, limit.part, more) end
    if more < 0 then count(limit, was.part, more) end
  end
end
`;
