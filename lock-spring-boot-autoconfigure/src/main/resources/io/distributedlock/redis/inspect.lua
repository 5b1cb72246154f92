-- KEYS[1] the lock   KEYS[2] its claims
-- Returns the lock ('' = free) and the number of live claims that wait for it
local time = redis.call('time')
local now = time[1] * 1000000 + time[2]
local waiters = 0
for _, claim in ipairs(redis.call('hvals', KEYS[2])) do
  if tonumber(string.match(claim, '^%d+')) >= now then waiters = waiters + 1 end
end
return {redis.call('get', KEYS[1]) or '', waiters}
