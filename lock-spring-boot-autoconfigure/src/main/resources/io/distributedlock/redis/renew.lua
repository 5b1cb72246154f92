-- Prolongs grants; never creates one, never shortens one. In a Cluster, where all keys of a call are in one slot: of one lock.
-- KEYS the locks   ARGV[1] how long they shall last from now, in ms   [2] and from their grant, in ms
-- ARGV[3] and following: for each lock how its value begins when the grant is still there: holder, token, a space behind each
-- Returns a 1 for each lock, or a 0 where this holder does not have it with this token
local lease, least = ARGV[1], ARGV[2]
local time = redis.call('time')
local now = math.ceil((time[1] * 1000000 + time[2]) / 1000)
local ends = now + lease
-- Somebody else's value of another type is nothing to MGET, and no error.
local values = redis.call('mget', unpack(KEYS))
local renewed = {}
for i, lock in ipairs(KEYS) do
  local value = values[i]
  local own = value and string.find(value, ARGV[i + 2], 1, true) == 1
  if own then
    local grant, since, present, info = string.match(value, '^(%S+ %d+ %d+ (%d+)) (%d+) (.*)$')
    -- What is written there may be by the clock of another server, from which the lock has moved.
    local longest = math.max(ends, math.min(math.ceil(since / 1000), now) + least)
    if longest > tonumber(present) or redis.call('pttl', lock) < longest - now then
      redis.call('set', lock, grant .. ' ' .. longest .. ' ' .. info, 'pxat', longest)
    end
  end
  renewed[i] = own and '1' or '0'
end
return table.concat(renewed)
