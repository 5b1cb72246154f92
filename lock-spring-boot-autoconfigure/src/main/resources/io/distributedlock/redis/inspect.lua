-- KEYS[1] the lock   KEYS[2] its queue
-- Returns the lock ('' = free) and the number of live claims that wait for it
local time = redis.call('time')
local now = time[1] * 1000000 + time[2]
local waiters = 0
local queue = redis.call('zrange', KEYS[2], 0, -1, 'withscores')
for i = 1, #queue, 2 do
  local wait = string.match(queue[i], '^%S+ %S+ %d+ %d+ (%d+)')
  if wait and queue[i + 1] + wait * 1000 >= now then waiters = waiters + 1 end
end
return {redis.call('get', KEYS[1]) or '', waiters}
