import { WINDOWS } from './windows.lua.ts';

/** Keeps the leases of a running call, and charges it anew where they are gone. Argument: its plan as JSON. */
export const RENEW = `${WINDOWS}
local plan = cjson.decode(ARGV[1])
for _, scope in ipairs(plan.scopes) do
  if redis.call('ZSCORE', scope.leases, scope.lease) then
    redis.call('ZADD', scope.leases, 'XX', whole(plan.leaseEndsAtMs), scope.lease)
    redis.call('PEXPIRE', scope.leases, 600000)
  else
    charge(scope, plan)
  end
end
`;
