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

-- An absolute time, rounded up: a relative one counts from a truncated millisecond and ends up to 1 ms early.
local function after(ms) return text(math.ceil(clock() / 1000) + ms) end

-- What somebody has put here meanwhile is not overwritten: a value of another type was not seen by MGET, and GET says so.
local function put(holder, token, tokens, since, ends, info)
  local entry = table.concat({holder, token, tokens, since, ends, info}, ' ')
  if value then
    redis.call('set', lock, entry, 'pxat', ends)
  elseif not redis.call('set', lock, entry, 'pxat', ends, 'nx') then
    redis.call('get', lock)
  end
end

local function reserve(tokens)
  local first = math.max((tonumber(latest) or 0) + 1, clock())
  latest = first + tokens - 1
  redis.call('set', last, text(latest), 'px', ARGV[1])
  return text(first)
end

-- Returns the token and the end of the grant.
local function grant(holder, tokens, info, ms)
  local token, ends = reserve(tokens), after(ms)
  put(holder, token, tokens, text(clock()), ends, info)
  return token, ends
end
