/** Takes a lock. Keys: the lock, the fence. Arguments: token, lease in milliseconds, now in milliseconds since 1970. */
export const TAKE_LOCK = `
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return false end
local fence = string.format('%.0f', math.max(tonumber(redis.call('GET', KEYS[2]) or '0') + 1, tonumber(ARGV[3])))
redis.call('SET', KEYS[2], fence)
return fence
`;

/** Holds a lock for longer. Key: the lock. Arguments: token, lease in milliseconds. Reply: `1` when it is held. */
export const EXTEND_LOCK = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`;

/** Gives a lock back. Key: the lock. Argument: token. Reply: `1` when it was held by that one. */
export const DROP_LOCK = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
`;
