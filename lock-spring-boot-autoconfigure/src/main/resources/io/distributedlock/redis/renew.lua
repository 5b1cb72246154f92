-- Prolongs grants; never creates one, never shortens one. Several locks in one call: not for Redis Cluster.
-- KEYS the locks   ARGV for each lock: holder, token, how long it shall last from now, in ms, and from its grant, in ms
-- Returns for each lock 1, or 0 when this holder does not have it with this token
local time = redis.call('time')
local now = math.ceil((time[1] * 1000000 + time[2]) / 1000)
local renewed = {}
for i, lock in ipairs(KEYS) do
  -- Somebody else's value of another type is an error of this lock alone.
  local value = redis.pcall('get', lock)
  local holder, token, since = string.match(type(value) == 'string' and value or '', '^(%S*) (%d+) %d+ (%d+)')
  local own = holder == ARGV[i * 4 - 3] and token == ARGV[i * 4 - 2]
  if own then
    local ends = math.max(now + ARGV[i * 4 - 1], math.ceil(since / 1000) + ARGV[i * 4])
    if now + redis.call('pttl', lock) < ends then redis.call('pexpireat', lock, string.format('%.0f', ends)) end
  end
  renewed[i] = own and 1 or 0
end
return renewed
