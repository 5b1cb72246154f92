-- What the scripts of one lock share; put in front of acquire, release, force-release and advance.
-- KEYS[1] the lock      a string: holder, token, number of tokens, since (us), end (ms), who that is; no holder = kept without an owner
-- KEYS[2] its last token
-- KEYS[3] its queue     a sorted set by arrival (us) of claims: holder, inbox, claim time (ms), lock-delay (ms), wait time (ms),
--                       number of tokens, who that is
-- KEYS[4] where there is one, the tombstone of a holder
-- ARGV[1] how long the last token is kept, in ms
local lock, last, queue = KEYS[1], KEYS[2], KEYS[3]
local value, latest, gone = unpack(redis.call('mget', lock, last, unpack(KEYS, 4)))
local now

-- The store's time in us; read once, and only where it is needed.
local function clock()
  if not now then
    local time = redis.call('time')
    now = time[1] * 1000000 + time[2]
  end
  return now
end

-- Numbers beyond 10^14 would be printed in exponents.
local function text(number) return string.format('%.0f', number) end

local function owner()
  if not value then return nil end
  local holder, token, tokens, since, ends, info = string.match(value, '^(%S*) (%d+) (%d+) (%d+) (%d+) (.*)$')
  return holder or error(lock .. ' has a value that is not a lock'), token, tokens, since, ends, info
end

-- What somebody has put here meanwhile is not overwritten: a value of another type was not seen by MGET, and GET says so.
local function put(holder, token, tokens, since, ends, info)
  local entry = table.concat({holder, token, tokens, since, text(ends), info}, ' ')
  if value then
    redis.call('set', lock, entry, 'pxat', text(ends))
  elseif not redis.call('set', lock, entry, 'pxat', text(ends), 'nx') then
    redis.call('get', lock)
  end
end

-- An absolute time, rounded up: a relative one counts from a truncated millisecond and ends up to 1 ms early.
local function after(ms) return math.ceil(clock() / 1000) + ms end

local function reserve(tokens)
  local first = math.max((tonumber(latest) or 0) + 1, clock())
  latest = first + tokens - 1
  redis.call('set', last, text(latest), 'px', ARGV[1])
  return text(first)
end

local function grant(holder, tokens, info, ms)
  local token, ends = reserve(tokens), after(ms)
  put(holder, token, tokens, text(clock()), ends, info)
  return token, ends
end

-- Whether somebody listens at an inbox. Asked before a grant, never learned from the answer to its message: replicas get
-- the message too, and a client that still listens at one of them would believe in a grant that was undone here. A monitor
-- that subscribes to patterns does not count. Unknown where the user may not ask: then a claim counts as alive.
local function listens(inbox)
  local count = redis.pcall('pubsub', 'numsub', inbox)
  return count.err ~= nil or count[2] ~= 0
end

-- Gives a lock that is free, or that its holder gives up here, to the first live claim in the queue: for its claim time,
-- and it is told. A claim whose inbox nobody listens at is passed over: its process is gone. A script that failed between
-- grant and message would leave half a hand-off, so an error undoes the grant: such a message was not sent to anybody.
-- Returns 'granted' and the end of the grant (ms), 'caller' when it is the caller's turn (left to the caller to take),
-- 'more' when there is more to do, nil when nobody waits. The lock of a holder that gave it up stays, unless granted.
local function advance(caller)
  for _ = 1, 100 do
    local head, arrival = unpack(redis.call('zpopmin', queue))
    if not head then return nil end
    local holder, inbox, ms, delay, wait, tokens, info = string.match(head, '^(%S+) (%S+) (%d+) (%d+) (%d+) (%d+) (.*)$')
    if holder and holder == caller then return 'caller' end
    if holder and arrival + wait * 1000 >= clock() and listens(inbox) then
      local token, ends = grant(holder, tokens, info, ms + delay)
      local message = table.concat({'granted', holder, token, tokens, text(clock()), ms}, ' ')
      if type(redis.pcall('publish', inbox, message)) == 'number' then return 'granted', ends end
      redis.call('del', lock)
      value = false
    end
  end
  return redis.call('exists', queue) == 1 and 'more' or nil
end
