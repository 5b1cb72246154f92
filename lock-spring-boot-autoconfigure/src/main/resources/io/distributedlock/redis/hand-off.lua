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

-- A free lock goes to the first live claim in the queue. A claim of somebody else gets it for its claim time and is told;
-- when nobody hears that, its process is gone: the grant is undone and the next one is tried. A script that failed
-- between the two would leave half a hand-off, so an error counts as not heard.
-- Returns 'caller' when it is the caller's turn (left to the caller to take), 'more' when there is more to do, else nil.
local function advance(caller)
  for _ = 1, 100 do
    if redis.call('exists', lock) == 1 then return nil end
    local first = redis.call('zrange', queue, 0, 0)[1]
    if not first then return nil end
    local deadline, inbox, ms, delay, tokens, info =
      string.match(redis.call('hget', claims, first) or '', '^(%d+) (%S+) (%d+) (%d+) (%d+) (.*)$')
    leave(first)
    if deadline and tonumber(deadline) >= now then
      if first == caller then return 'caller' end
      local token = grant(first, tokens, info, ms + delay)
      local heard = redis.pcall('publish', inbox, table.concat({'granted', first, token, tokens, text(now), ms}, ' '))
      if type(heard) == 'number' and heard > 0 then return nil end
      redis.call('del', lock)
    end
  end
  return redis.call('exists', queue) == 1 and 'more' or nil
end
