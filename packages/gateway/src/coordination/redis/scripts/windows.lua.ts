/**
 * What the limiter's scripts share. A window is a hash: `total`, and for a rolling one `part`, the newest part that is
 * counted, and `s0` to `s24`, one for each part. Leases are a sorted set by their end in milliseconds.
 * The algorithm is that of `memory/limit-store.ts`, step by step: change both or none.
 */
export const WINDOWS = `
local SLOTS = 25
-- Adding zero takes the sign from a negative zero, which is no integer to Redis.
local function whole(number) return string.format('%.0f', number + 0) end
local function slotOf(part) return 's' .. whole(part % SLOTS) end

local function advance(key, part)
  local newest = tonumber(redis.call('HGET', key, 'part') or '0')
  if newest >= part then return end
  for each = math.max(newest + 1, part - SLOTS + 1), part do
    local amount = redis.call('HGET', key, slotOf(each))
    if amount then
      redis.call('HINCRBY', key, 'total', whole(-tonumber(amount)))
      redis.call('HDEL', key, slotOf(each))
    end
  end
  redis.call('HSET', key, 'part', whole(part))
end

local function add(kind, key, part, amount)
  if kind == 'rolling' then
    local newest = tonumber(redis.call('HGET', key, 'part') or '0')
    if part <= newest - SLOTS then return end
    redis.call('HINCRBY', key, slotOf(math.min(part, newest)), whole(amount))
  end
  redis.call('HINCRBY', key, 'total', whole(amount))
end

local function totalOf(key) return tonumber(redis.call('HGET', key, 'total') or '0') end

local function count(limit, part, amount)
  if limit.kind == 'in-flight' or amount == 0 then return end
  advance(limit.key, limit.part)
  add(limit.kind, limit.key, part, amount)
  if limit.keepMs > 0 then redis.call('PEXPIRE', limit.key, whole(limit.keepMs)) end
end

local function charge(scope, plan)
  for _, limit in ipairs(scope.limits) do
    local missing = math.max(0, limit.floor - totalOf(limit.key))
    count(limit, limit.part, missing + limit.amount)
  end
  redis.call('ZADD', scope.leases, whole(plan.leaseEndsAtMs), scope.lease)
  redis.call('PEXPIRE', scope.leases, 600000)
end

local function takeBackExpired(leases, nowMs)
  for _, lease in ipairs(redis.call('ZRANGEBYSCORE', leases, '-inf', whole(nowMs))) do
    redis.call('ZREM', leases, lease)
    for _, charged in ipairs(cjson.decode(lease)[2]) do
      local kind, key, part, amount = unpack(charged)
      if redis.call('EXISTS', key) == 1 then add(kind, key, part, -amount) end
    end
  end
end
`;
