-- Several requests in one call, about as many locks as there are of them: not for Redis Cluster. What nobody contends is done
-- for all at once, which is most of what the scripts of single requests cost; for the rest stand the two functions above,
-- which are these scripts.
-- KEYS of so many releases the locks, of the claims each its lock, last token and tombstone; of the releases, then of the
-- claims the queues; of the releases the last tokens
-- ARGV[1] as everywhere   [2] number of releases   [3] how long a grant lasts, with lock-delay, in ms   [4] number of tokens
-- ARGV[5] inbox, claim time, lock-delay and wait time of the claims as they stand in the queue
-- ARGV of each release its holder; of each claim its holder, how long to wait, who that is
-- Returns what the scripts would, first for the releases
local releases, lease, tokens = tonumber(ARGV[2]), ARGV[3], ARGV[4]
local claims = (#ARGV - 5 - releases) / 3
local queues = releases + 3 * claims

-- What fails does not end the others.
local function alone(script, keys, arguments)
  local done, answer = pcall(script, keys, arguments)
  if done or type(answer) == 'table' then return answer end
  return {err = 'ERR ' .. answer}
end

-- A lock that passes on: it is contended, so nothing is won by reading all at once.
if releases == 1 and claims == 1 and KEYS[1] == KEYS[2] then
  return {
    alone(release, {KEYS[1], KEYS[3], KEYS[5]}, {ARGV[1], ARGV[6], '', '0', '0'}),
    alone(acquire, {KEYS[2], KEYS[3], KEYS[6], KEYS[4]}, {ARGV[1], ARGV[7], lease, ARGV[8], tokens, ARGV[9], ARGV[5]}),
  }
end

local values = redis.call('mget', unpack(KEYS, 1, queues))
local lasts = queues + releases + claims
local anyQueue = redis.call('exists', unpack(KEYS, queues + 1, lasts)) > 0

local function isEmpty(queue) return not anyQueue or redis.call('exists', queue) == 0 end

-- A lock that is released a second time here may have been handed on by the first: that one reads anew.
local answers, free, freed, seen = {}, {}, {}, {}
for i = 1, releases do
  local lock, value, holder, queue = KEYS[i], values[i], ARGV[5 + i], KEYS[queues + i]
  if value and not seen[lock] and string.find(value, holder .. ' ', 1, true) == 1 and isEmpty(queue) then
    free[#free + 1], freed[lock] = lock, true
    answers[i] = 1
  else
    answers[i] = alone(release, {lock, KEYS[lasts + i], queue}, {ARGV[1], holder, '', '0', '0'})
  end
  seen[lock] = true
end
if free[1] then redis.call('del', unpack(free)) end

-- Locks that nobody has get the same token, which is theirs alone by their names. Asked for when the first one is found.
local now, latest, ends, grant, granted
local function read()
  local time = redis.call('time')
  now = time[1] * 1000000 + time[2]
  local token = string.format('%.0f', now)
  latest = string.format('%.0f', now + tokens - 1)
  ends = string.format('%.0f', math.ceil(now / 1000) + lease)
  grant = table.concat({'', token, tokens, token, ends, ''}, ' ')
  granted = 'granted ' .. token .. ' ' .. tokens
end

for i = 1, claims do
  local k, a, queue = releases + 3 * i - 2, 3 + releases + 3 * i, KEYS[queues + releases + i]
  local lock, last, gone = KEYS[k], KEYS[k + 1], KEYS[k + 2]
  local holder, wait, info = ARGV[a], ARGV[a + 1], ARGV[a + 2]
  local free = (not values[k] or freed[lock]) and not values[k + 2] and isEmpty(queue)
  if free and not now then read() end
  -- NX: what was read at the beginning may have changed by what stands before this claim.
  if free and (tonumber(values[k + 1]) or 0) < now
    and redis.call('set', lock, holder .. grant .. info, 'pxat', ends, 'nx') then
    redis.call('set', last, latest, 'px', ARGV[1])
    answers[releases + i] = granted
  else
    local arguments = {ARGV[1], holder, lease, wait, tokens, info, ARGV[5]}
    answers[releases + i] = alone(acquire, {lock, last, queue, gone}, arguments)
  end
end
return answers
