local now

-- The store's time in us; read once, and only where it is needed.
local function clock()
  if not now then
    local time = redis.call('time')
    now = time[1] * 1000000 + time[2]
  end
  return now
end

-- Numbers beyond 10^14 would be printed in exponents. As an argument of a command a number is written in full anyway.
local function text(number) return string.format('%.0f', number) end

-- An absolute time in ms, rounded up: a relative one counts from a truncated millisecond and ends up to 1 ms early.
local function after(ms) return math.ceil(clock() / 1000) + ms end

-- What somebody has put here meanwhile is not overwritten: a value of another type was not seen by MGET, and GET says so.
local function put(holder, token, tokens, since, ends, info)
  local entry = holder .. ' ' .. token .. ' ' .. tokens .. ' ' .. since .. ' ' .. ends .. ' ' .. info
  if value then
    redis.call('set', lock, entry, 'pxat', ends)
  elseif not redis.call('set', lock, entry, 'pxat', ends, 'nx') then
    redis.call('get', lock)
  end
end

-- Returns the first of so many tokens, as a number.
local function reserve(tokens)
  local first = math.max((tonumber(latest) or 0) + 1, clock())
  latest = first + tokens - 1
  redis.call('set', last, latest, 'px', ARGV[1])
  return first
end

-- Returns the token and the end of the grant.
local function grant(holder, tokens, info, ms)
  local first, ends = reserve(tokens), after(ms)
  local token = text(first)
  put(holder, token, tokens, first == now and token or text(now), ends, info)
  return token, ends
end
