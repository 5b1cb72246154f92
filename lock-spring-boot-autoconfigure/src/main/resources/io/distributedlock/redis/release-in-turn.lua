-- Lets a claim that waits look by itself after this time.
local function look(waiting, ms)
  local other, inbox = string.match(waiting, '^(%S+) (%S+)')
  if inbox then redis.pcall('publish', inbox, table.concat({'look', other, ms}, ' ')) end
end

local keep, tombstone = ARGV[4], ARGV[5]
local turn
if had and keep ~= '0' then
  local token, tokens = string.match(value, '^%S+ (%d+) (%d+)')
  put('', token, tokens, text(clock()), after(keep), '')
  -- Nothing runs when the time is over, and it may be over before the others would look again by themselves.
  for _, other in ipairs(redis.call('zrange', queue, 0, 99)) do look(other, keep) end
elseif had then
  turn = advance(nil, head)
  if turn ~= 'granted' then redis.call('del', lock) end
else
  -- Rare: a lease that was lost, or a claim of which the client knows no more.
  local entries = ARGV[3] ~= '' and {ARGV[3]} or redis.call('zrange', queue, 0, -1)
  for _, entry in ipairs(entries) do
    if string.find(entry, mine, 1, true) == 1 then redis.call('zrem', queue, entry) end
  end
  if not value then turn = advance() end
end
if tombstone ~= '0' then redis.call('set', KEYS[4], '', 'px', tombstone) end
return (had and 1 or 0) + (turn == 'more' and 2 or 0)
