-- What the scripts of one lock share; put in front of acquire, release, force-release and advance.
-- KEYS[1] the lock      a string: holder, token, number of tokens, since (us), who that is; no holder = kept without an owner
-- KEYS[2] its last token
-- KEYS[3] its queue     a sorted set: holder, by arrival (us)
-- KEYS[4] its claims    a hash: holder to deadline (us), inbox, claim time (ms), lock-delay (ms), number of tokens, who that is
-- ARGV[1] how long the last token is kept, in ms
local lock, last, queue, claims = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local time = redis.call('time')
local now = time[1] * 1000000 + time[2]

-- Numbers beyond 10^14 would be printed in exponents.
local function text(number) return string.format('%.0f', number) end

-- An absolute time, rounded up: a relative one counts from a truncated millisecond and ends up to 1 ms early.
local function ends(ms) return text(math.ceil(now / 1000) + ms) end

local function owner()
  return string.match(redis.call('get', lock) or '', '^(%S*) (%d+) (%d+)')
end

local function reserve(tokens)
  local first = math.max((tonumber(redis.call('get', last)) or 0) + 1, now)
  redis.call('set', last, text(first + tokens - 1), 'px', ARGV[1])
  return text(first)
end

local function grant(holder, tokens, info, ms)
  local token = reserve(tokens)
  redis.call('set', lock, table.concat({holder, token, tokens, text(now), info}, ' '), 'pxat', ends(ms))
  return token
end

-- The same holder keeps its place.
local function enter(holder, ms, claim)
  redis.call('zadd', queue, 'nx', text(now), holder)
  redis.call('hset', claims, holder, text(now + ms * 1000) .. ' ' .. claim)
  for _, key in ipairs({queue, claims}) do
    if redis.call('pttl', key) < ms + 1 then redis.call('pexpire', key, ms + 1) end
  end
end

local function leave(holder)
  redis.call('zrem', queue, holder)
  redis.call('hdel', claims, holder)
end

-- Whether somebody listens at an inbox. Asked before a grant, never learned from the answer to its message: replicas get
-- the message too, and a client that still listens at one of them would believe in a grant that was undone here. A monitor
-- that subscribes to patterns does not count. Unknown where the user may not ask: then a claim counts as alive.
local function listens(inbox)
  local count = redis.pcall('pubsub', 'numsub', inbox)
  return count.err ~= nil or count[2] ~= 0
end

-- Lets a claim that waits look by itself after this time.
local function look(holder, ms)
  local inbox = string.match(redis.call('hget', claims, holder) or '', '^%d+ (%S+)')
  if inbox then redis.pcall('publish', inbox, table.concat({'look', holder, text(ms)}, ' ')) end
end

-- A free lock goes to the first live claim in the queue. A claim of somebody else gets it for its claim time and is told;
-- the one behind it is told to look after that time, in case the new holder does not move. A claim whose inbox nobody
-- listens at is passed over: its process is gone. A script that failed between grant and message would leave half a
-- hand-off, so an error undoes the grant: such a message was not sent to anybody.
-- Returns 'caller' when it is the caller's turn (left to the caller to take), 'more' when there is more to do, else nil.
local function advance(caller)
  for _ = 1, 100 do
    if redis.call('exists', lock) == 1 then return nil end
    local first = redis.call('zrange', queue, 0, 0)[1]
    if not first then return nil end
    local deadline, inbox, ms, delay, tokens, info =
      string.match(redis.call('hget', claims, first) or '', '^(%d+) (%S+) (%d+) (%d+) (%d+) (.*)$')
    leave(first)
    local waits = deadline and tonumber(deadline) >= now
    if waits and first == caller then return 'caller' end
    if waits and listens(inbox) then
      local token = grant(first, tokens, info, ms + delay)
      local sent = redis.pcall('publish', inbox, table.concat({'granted', first, token, tokens, text(now), ms}, ' '))
      if type(sent) == 'number' then
        local second = redis.call('zrange', queue, 0, 0)[1]
        if second and second ~= caller then look(second, ms + delay) end
        return nil
      end
      redis.call('del', lock)
    end
  end
  return redis.call('exists', queue) == 1 and 'more' or nil
end
