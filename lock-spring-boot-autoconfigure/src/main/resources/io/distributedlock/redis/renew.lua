-- Prolongs grants; never creates one, never shortens one. Several locks in one call: not for Redis Cluster.
-- KEYS the locks   ARGV for each lock: holder, token, how long it shall last from now, in ms, and from its grant, in ms
-- Returns for each lock 1, or 0 when this holder does not have it with this token
local time = redis.call('time')
local now = math.ceil((time[1] * 1000000 + time[2]) / 1000)
-- Somebody else's value of another type is nothing to MGET, and no error.
local values = redis.call('mget', unpack(KEYS))
local renewed = {}
for i, lock in ipairs(KEYS) do
  local grant, since, present, info = string.match(values[i] or '', '^(%S+ %d+ %d+ (%d+)) (%d+) (.*)$')
  local holder, token = string.match(grant or '', '^(%S+) (%d+)')
  local own = holder == ARGV[i * 4 - 3] and token == ARGV[i * 4 - 2]
  if own then
    local ends = math.max(now + ARGV[i * 4 - 1], math.ceil(since / 1000) + ARGV[i * 4])
    if ends > tonumber(present) then
      local text = string.format('%.0f', ends)
      redis.call('set', lock, grant .. ' ' .. text .. ' ' .. info, 'pxat', text)
    end
  end
  renewed[i] = own and 1 or 0
end
return renewed
