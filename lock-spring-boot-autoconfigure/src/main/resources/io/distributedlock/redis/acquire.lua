-- KEYS[4] the tombstone of the holder
-- ARGV[2] holder   [3] how long a grant lasts, with lock-delay, in ms   [4] how long to wait, in ms   [5] number of tokens
-- ARGV[6] who that is   [7] inbox, claim time, lock-delay and wait time of the claim as it stands in the queue
-- Returns 'granted', token, number of tokens | 'queued' or 'taken', ms until the lock may be free, time in us
--       | 'more': ask again at once | 'gone': withdrawn or released before this request came; with spaces in between
if gone then return 'gone' end
local holder, lease, wait, tokens, info = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]

if not value and redis.call('exists', queue) == 0 then
  local token = grant(holder, tokens, info, lease)
  return 'granted ' .. token .. ' ' .. tokens
end

-- Somebody else has the lock until then, in ms.
local function taken(ends)
  local claim = table.concat({holder, ARGV[7], tokens, info}, ' ')
  local left = ends - math.floor(clock() / 1000)
  -- A lock that stays beyond its end was made to by hand: look again after a lease, not at once.
  left = left < -1000 and lease or math.max(left, 0)
  if wait == '0' then
    redis.call('zrem', queue, claim)
    return 'taken ' .. left .. ' ' .. text(clock())
  end
  -- The same claim keeps its place. The end of the key is set late enough that it need not be set for each claim.
  redis.call('zadd', queue, 'nx', clock(), claim)
  if redis.call('pttl', queue) <= tonumber(wait) then redis.call('pexpire', queue, 2 * wait + 1) end
  return 'queued ' .. left .. ' ' .. text(clock())
end

if value then
  local present, token, count, since, ends, who = string.match(value, '^(%S*) (%d+) (%d+) (%d+) (%d+) (.*)$')
  if not present then error(lock .. ' has a value that is not a lock') end
  if present ~= holder then return taken(ends) end
  -- Asked again after a lost answer or a lost message: the same grant, for a full lease from now.
  local full = after(lease)
  -- The end that is written there may be by the clock of another server, from which the lock has moved.
  if full > tonumber(ends) or redis.call('pttl', lock) < tonumber(lease) then put(holder, token, count, since, full, who) end
  return 'granted ' .. token .. ' ' .. count
end
