import { WINDOWS } from './windows.lua.ts';

/**
 * Admits one call and charges it, or refuses it. Arguments: the plan as JSON, times in milliseconds since 1970 and money
 * in billionths of a dollar; `1` to charge, `0` to look. Reply: `1` for admitted, and of every limit what is used, `1`
 * for refused, and when it frees.
 */
export const DECIDE = `${WINDOWS}
local function partEndsAtMs(key, limit, excess)
  local newest = tonumber(redis.call('HGET', key, 'part') or '0')
  local freed = 0
  for part = newest - SLOTS + 1, newest do
    freed = freed + tonumber(redis.call('HGET', key, slotOf(part)) or '0')
    if freed >= excess then return (part + SLOTS) * limit.partMs end
  end
  return -1
end

local function freesAtMs(limit, used)
  if limit.amount > limit.max or limit.max <= 0 then return -1 end
  if limit.kind == 'in-flight' then return 0 end
  if limit.kind == 'period' then return limit.endsAtMs == 0 and -1 or limit.endsAtMs end
  if limit.floor > totalOf(limit.key) then return (limit.part + SLOTS) * limit.partMs end
  return partEndsAtMs(limit.key, limit, math.max(used + limit.amount - limit.max, used - limit.max + 1))
end

local plan = cjson.decode(ARGV[1])
for _, scope in ipairs(plan.scopes) do takeBackExpired(scope.leases, plan.nowMs) end
local admitted, reply = 1, {}
for _, scope in ipairs(plan.scopes) do
  for _, limit in ipairs(scope.limits) do
    local counted = 0
    if limit.kind == 'in-flight' then
      counted = redis.call('ZCARD', scope.leases)
    elseif redis.call('EXISTS', limit.key) == 1 then
      if limit.kind == 'rolling' then advance(limit.key, limit.part) end
      counted = totalOf(limit.key)
    end
    local used = math.max(counted, limit.floor)
    local refused = used + limit.amount > limit.max or used >= limit.max
    if refused then admitted = 0 end
    reply[#reply + 1] = whole(used)
    reply[#reply + 1] = refused and '1' or '0'
    reply[#reply + 1] = whole(refused and freesAtMs(limit, used) or 0)
  end
end
if admitted == 1 and ARGV[2] == '1' then
  for _, scope in ipairs(plan.scopes) do charge(scope, plan) end
end
table.insert(reply, 1, whole(admitted))
return reply
`;
